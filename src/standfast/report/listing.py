"""A small table ready to print."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Listing:
    """A small table ready to print: its column names, its rows, and how many rows it leaves out."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    n_more: int = 0
