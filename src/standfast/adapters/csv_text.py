"""Rows of an Arrow table as CSV text: the same bytes for the same row, whichever rows stand beside it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from standfast.adapters.formula_safety import defuse

if TYPE_CHECKING:
    import pandas as pd

_ROWS_AT_ONCE = 65_536
_NEEDS_QUOTES = '[,"\n\r]'


def header_line(frame: "pd.DataFrame") -> bytes:
    """Give the line of column names."""
    names = [str(name) for name in defuse(frame.iloc[:0]).columns]
    return (",".join(_quoted(name) for name in names) + "\n").encode()


def row_lines(table: Any) -> Iterator[bytes]:
    """Yield the lines of many rows at a time.

    Numbers have all the digits they need and no more, dates are ISO, a missing value is an empty cell, and
    text that a spreadsheet would run is made safe.
    """
    import pyarrow as pa  # noqa: PLC0415  (importing this module must stay cheap)
    from pyarrow import compute  # noqa: PLC0415  (same)

    for batch in table.to_batches(max_chunksize=_ROWS_AT_ONCE):
        if batch.num_rows:
            cells = [_cells(column) for column in batch.columns]
            lines = cells[0] if len(cells) == 1 else compute.binary_join_element_wise(*cells, ",")
            if len(cells) == 1:  # a line with nothing on it would read as no row
                lines = compute.if_else(compute.equal(lines, ""), '""', lines)
            joined = compute.binary_join(pa.ListArray.from_arrays([0, len(lines)], lines), "\n")
            yield joined[0].as_buffer().to_pybytes() + b"\n"


def _cells(column: Any) -> Any:
    import pyarrow as pa  # noqa: PLC0415  (importing this module must stay cheap)
    from pyarrow import compute  # noqa: PLC0415  (same)

    if pa.types.is_timestamp(column.type):
        text = _iso(column)
    elif pa.types.is_string(column.type):
        text = _safe(column)
    else:
        text = column.cast(pa.string())
    return compute.fill_null(text, "")


def _iso(times: Any) -> Any:
    """Give 2024-03-01 for midnight and 2024-03-01T09:30:00.000000 for any other time."""
    from pyarrow import compute  # noqa: PLC0415  (importing this module must stay cheap)

    is_midnight = compute.equal(times, compute.floor_temporal(times, unit="day"))
    return compute.if_else(
        is_midnight,
        compute.strftime(times, format="%Y-%m-%d"),
        compute.strftime(times, format="%Y-%m-%dT%H:%M:%S"),
    )


def _safe(texts: Any) -> Any:
    import pandas as pd  # noqa: PLC0415  (importing this module must stay cheap)
    import pyarrow as pa  # noqa: PLC0415  (same)
    from pyarrow import compute  # noqa: PLC0415  (same)

    defused = defuse(pd.DataFrame({"text": texts.to_pandas()}))["text"]
    cells = pa.Array.from_pandas(defused).cast(pa.string())
    in_quotes = compute.binary_join_element_wise('"', compute.replace_substring(cells, '"', '""'), '"', "")
    return compute.if_else(compute.match_substring_regex(cells, _NEEDS_QUOTES), in_quotes, cells)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"' if set(name) & set(',"\n\r') else name
