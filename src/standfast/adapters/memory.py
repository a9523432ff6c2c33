"""Memory that is free, handed back to the machine."""

import ctypes
import sys

import pyarrow as pa

_MMAP_THRESHOLD = -3
"""The number that the GNU C library gives this parameter."""

_LARGE = 1 << 20


def hold_arrays_apart() -> None:
    """Let arrays of a megabyte or more have pages of their own, which go back as soon as the array does.

    The GNU C library lays ever larger ones into its heap, where a small piece that stays keeps the room of
    all that lay below it: half as much again in a training on hundreds of thousands of rows. With few rows
    fresh pages would cost more time than that is worth. Other C libraries are left as they are.
    """
    if sys.platform.startswith("linux") and (mallopt := getattr(ctypes.CDLL(None), "mallopt", None)):
        mallopt(_MMAP_THRESHOLD, _LARGE)


def give_back() -> None:
    """Hand back what is free; the C library and Arrow keep it otherwise, in case it is asked for again.

    Between the steps of a large book that is more than the book itself takes. Where the C library has no such
    call, nothing happens.
    """
    pa.default_memory_pool().release_unused()
    if not sys.platform.startswith("linux"):
        return
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
