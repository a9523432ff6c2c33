"""Memory that is free, handed back to the machine."""

import ctypes
import sys

import pyarrow as pa


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
