"""Tables written batch by batch into CSV or Parquet; the file appears when all of it is there."""

import contextlib
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from standfast.adapters.csv_text import header_line, row_lines
from standfast.adapters.whole_file import whole_file
from standfast.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

PARQUET_ENDINGS = frozenset({".parquet", ".pq"})
CSV_ENDINGS = frozenset({".csv"})


class TableWriter:
    """Writes frames one after the other into one table; the first fixes the columns and their types.

    Use it in ``with``: leaving it well puts the file in place, leaving it by an error keeps what was there.
    """

    def __init__(self, path: Path) -> None:
        self.path = Path(path)
        if self.path.suffix.lower() not in PARQUET_ENDINGS | CSV_ENDINGS:
            raise InputError(
                f"{self.path}: a table is written as .csv or .parquet, not {self.path.suffix!r}; "
                "end the output's name in one of these"
            )
        self._schema: Any = None
        self._sink: Any = None
        self._open = contextlib.ExitStack()

    def __enter__(self) -> Self:
        """Open a file beside the target."""
        self._part = self._open.enter_context(whole_file(self.path))
        return self

    def write(self, frame: "pd.DataFrame") -> None:
        """Add the rows of ``frame``, in the column order of the first frame.

        Raises
        ------
        InputError
            The columns differ from the first frame's, or a value does not fit its column's type.
        """
        if self._sink is None:
            self._start(frame)
        if sorted(map(str, frame.columns)) != sorted(self._schema.names):
            raise InputError(
                f"{self.path}: the columns changed on the way, "
                f"from {self._schema.names} to {list(frame.columns)}"
            )
        table = _to_arrow(frame, self._schema, self.path)
        if self._is_parquet:
            self._sink.write_table(table)
        else:
            self._sink.writelines(row_lines(table))

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Put the file in place, or remove what was written of it."""
        if problem is None and self._sink is None:
            problem = InputError(f"{self.path}: there is nothing to write")
            self._open.__exit__(type(problem), problem, None)
            raise problem
        self._open.__exit__(kind, problem, trace)

    @property
    def _is_parquet(self) -> bool:
        return self.path.suffix.lower() in PARQUET_ENDINGS

    def _start(self, frame: "pd.DataFrame") -> None:
        self._schema = _schema_of(frame, self.path)
        if self._is_parquet:
            from pyarrow import parquet  # noqa: PLC0415  (importing this module must stay cheap)

            self._sink = self._open.enter_context(parquet.ParquetWriter(self._part, self._schema))
        else:
            self._sink = self._open.enter_context(self._part.open("wb"))
            self._sink.write(header_line(frame))


def pack_rows(frame: "pd.DataFrame") -> bytes:
    """Give rows as a stream of Arrow, with the types in which a table of them is written."""
    import pyarrow as pa  # noqa: PLC0415  (importing this module must stay cheap)

    where = Path("rows in Arrow")
    table = _to_arrow(frame, _schema_of(frame, where), where)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as stream:
        stream.write_table(table)
    packed: bytes = sink.getvalue().to_pybytes()
    return packed


def unpack_rows(packed: bytes) -> "pd.DataFrame":
    """Give the rows of a stream of Arrow as a frame."""
    import pyarrow as pa  # noqa: PLC0415  (importing this module must stay cheap)

    with pa.ipc.open_stream(packed) as stream:
        frame: pd.DataFrame = stream.read_all().to_pandas()
    return frame


def write_table(frame: "pd.DataFrame", path: Path) -> None:
    """Write ``frame`` as CSV or Parquet by the ending of ``path``, whole or not at all."""
    with TableWriter(path) as table:
        table.write(frame)


def csv_bytes(frame: "pd.DataFrame") -> bytes:
    """Give ``frame`` as the CSV text that ``write_table`` writes."""
    where = Path("rows in CSV")
    table = _to_arrow(frame, _schema_of(frame, where), where)
    return header_line(frame) + b"".join(row_lines(table))


def write_text(text: str, path: Path) -> None:
    """Write ``text`` as UTF-8, whole or not at all."""
    with whole_file(path) as part:
        part.write_bytes(text.encode("utf-8"))


def _schema_of(frame: "pd.DataFrame", path: Path) -> Any:
    """Give explicit types: text, doubles, whole numbers, flags and times, whatever the first rows hold."""
    import pyarrow as pa  # noqa: PLC0415  (importing this module must stay cheap)

    names = [str(name) for name in frame.columns]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise InputError(f"{path} would hold several columns called {twice}; rename all but one")
    return pa.schema([(name, _type_of(frame.iloc[:, place])) for place, name in enumerate(names)])


def _type_of(column: "pd.Series") -> Any:
    import pyarrow as pa  # noqa: PLC0415  (importing this module must stay cheap)

    try:
        kind = pa.Array.from_pandas(column).type
    except pa.ArrowException:
        return pa.string()
    if pa.types.is_boolean(kind):
        return pa.bool_()
    if pa.types.is_integer(kind):
        return pa.int64()
    if pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return pa.float64()
    return pa.timestamp("us") if pa.types.is_temporal(kind) else pa.string()


def _to_arrow(frame: "pd.DataFrame", schema: Any, path: Path) -> Any:
    import pyarrow as pa  # noqa: PLC0415  (importing this module must stay cheap)

    columns = dict(zip(map(str, frame.columns), range(frame.shape[1]), strict=True))
    arrays = []
    for field in schema:
        column = frame.iloc[:, columns[field.name]]
        try:
            arrays.append(_array(column, field.type))
        except (pa.ArrowException, TypeError, ValueError) as problem:
            raise InputError(
                f"{path}: column {field.name!r} began as {field.type} and then held others: {problem}"
            ) from problem
    return pa.Table.from_arrays(arrays, schema=schema)


def _array(column: "pd.Series", kind: Any) -> Any:
    import pyarrow as pa  # noqa: PLC0415  (importing this module must stay cheap)

    if pa.types.is_string(kind):
        return pa.Array.from_pandas(column.astype("str"), type=pa.large_string()).cast(kind)
    # Nanoseconds beyond microseconds are dropped; a whole number that became 1.5 is an error.
    return pa.Array.from_pandas(column).cast(kind, safe=not pa.types.is_temporal(kind))
