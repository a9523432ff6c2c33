"""What a person sees in the terminal: short tables and lines of progress."""

import json
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from standfast.report.plain_values import plain

Say = Callable[[str], None]
PLAIN_WIDTH = 140


@contextmanager
def progress(*, quiet: bool = False) -> Iterator[Say]:
    """Give a function that tells what is being done: a spinner on a terminal, plain lines elsewhere."""
    if quiet:
        yield lambda _: None
    elif not sys.stderr.isatty():
        yield lambda text: print(text, file=sys.stderr, flush=True)  # noqa: T201
    else:
        from rich.console import Console  # noqa: PLC0415  (rich only where a person looks)

        with Console(stderr=True).status("starting") as status:
            yield status.update


def print_lines(lines: Sequence[str]) -> None:
    """Print plain lines on standard output."""
    for line in lines:
        print(line)  # noqa: T201


def print_table(title: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Print a table; figures are set to the right, and the last column takes the room that is left."""
    from rich import box  # noqa: PLC0415  (rich only where a person looks)
    from rich.console import Console  # noqa: PLC0415
    from rich.markup import escape  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415

    console = Console() if sys.stdout.isatty() else Console(width=PLAIN_WIDTH)
    table = Table(title=escape(title), title_justify="left", title_style="bold", box=box.SIMPLE_HEAD)
    for position, column in enumerate(columns):
        figures = bool(rows) and all(_is_figure(row[position]) for row in rows)
        table.add_column(column, justify="right" if figures else "left", overflow="fold")
    for row in rows:
        table.add_row(*(escape(str(cell)) for cell in row))
    console.print(table)


def print_json(values: Any) -> None:
    """Print one JSON document on standard output."""
    print(json.dumps(plain(values), indent=2, ensure_ascii=False, allow_nan=False))  # noqa: T201


def _is_figure(cell: Any) -> bool:
    """Say whether a cell is a number, perhaps with a unit: "12", "1.2 M", "4.5 %", "-3"."""
    return re.fullmatch(r"[-\u2212\u2013]?[\d.,]*(\s?[kMB%])?", str(cell).strip()) is not None
