"""Flat tables: CSV and Parquet, files or folders of them, read whole or in batches, and written whole."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from standfast.adapters.csv_dialect import explain_csv_error, no_rows, refuse_open_quote, sniff_csv
from standfast.adapters.formula_safety import undefuse
from standfast.adapters.table_files import files_of, is_parquet
from standfast.adapters.table_writer import TableWriter, write_table, write_text
from standfast.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "BATCH_ROWS",
    "TableWriter",
    "count_parquet_rows",
    "read_flat_table",
    "read_own_csv",
    "stream_flat_table",
    "stream_parquet",
    "write_table",
    "write_text",
]

BATCH_ROWS = 65_536
_BLOCK_BYTES = 4 << 20
_DECIMAL_COMMA = r"^\s*[+-]?(\d+|\d{1,3}(\.\d{3})+),\d+\s*$"


def read_flat_table(path: Path) -> "pd.DataFrame":
    """Give the rows of a CSV or Parquet file, told apart by its ending, or of all such files of a folder.

    Cells of a CSV file are text as they stand ("007" keeps its zeros) and a blank cell is missing; Parquet
    keeps its types. Spaces around column names go.

    Raises
    ------
    InputError
        There is no such file, it is empty or holds no rows, or it is not the table its ending promises.
    """
    return _to_frame(_joined(_arrow_tables(Path(path), batch_rows=BATCH_ROWS)))


def stream_flat_table(path: Path, *, batch_rows: int = BATCH_ROWS) -> "Iterator[pd.DataFrame]":
    """Give the same rows as ``read_flat_table``, at most ``batch_rows`` at a time, in constant memory.

    The index runs on through the batches.
    """
    import pandas as pd  # noqa: PLC0415  (importing this module must stay cheap)

    start = 0
    for table in _arrow_tables(Path(path), batch_rows=batch_rows):
        frame = _to_frame(table)
        frame.index = pd.RangeIndex(start, start + len(frame))
        start += len(frame)
        yield frame


def stream_parquet(path: Path, *, first_row: int, batch_rows: int = BATCH_ROWS) -> "Iterator[pd.DataFrame]":
    """Give the rows of a Parquet file from ``first_row`` (0: the first) on, as ``stream_flat_table`` does."""
    batches = _parquet_batches(path, batch_rows, first_row=first_row)
    for table in _regrouped(batches, batch_rows):
        yield _to_frame(_blank_as_missing(table))


def count_parquet_rows(path: Path) -> int:
    """Give the number of rows that a Parquet file says it holds."""
    from pyarrow import parquet  # noqa: PLC0415  (importing this module must stay cheap)

    with _explaining_parquet(path):
        return int(parquet.read_metadata(path).num_rows)


def read_own_csv(path: Path) -> "pd.DataFrame":
    """Give the rows of a CSV file that standfast wrote, with its formula-safe text as it was before."""
    return undefuse(read_flat_table(path))


def _arrow_tables(path: Path, *, batch_rows: int) -> Iterator[Any]:
    """Yield Arrow tables of at most ``batch_rows`` rows, blank text as null; at least one row in all."""
    parts = files_of(path)
    batches = (
        batch
        for part in parts
        for batch in (_parquet_batches(part, batch_rows) if is_parquet(part) else _csv_batches(part))
    )
    n_rows = 0
    for table in _regrouped(batches, batch_rows):
        n_rows += table.num_rows
        yield _blank_as_missing(table)
    if not n_rows:
        raise no_rows(path)


def _csv_batches(path: Path) -> Iterator[Any]:
    import pyarrow as pa  # noqa: PLC0415  (importing this module must stay cheap)
    from pyarrow import csv  # noqa: PLC0415  (same)

    dialect = sniff_csv(path)
    # The header is read as a first row of data, so that every column is text whatever it is called.
    raw = [f"f{position}" for position in range(len(dialect.names))]
    try:
        reader = csv.open_csv(
            path,
            read_options=csv.ReadOptions(
                autogenerate_column_names=True,
                block_size=_BLOCK_BYTES,
                encoding=dialect.encoding,
                use_threads=False,
            ),
            parse_options=csv.ParseOptions(delimiter=dialect.delimiter, newlines_in_values=True),
            convert_options=csv.ConvertOptions(
                column_types=dict.fromkeys(raw, pa.string()), null_values=[""], strings_can_be_null=True
            ),
        )
        is_header, last_cell = True, None
        for batch in reader:
            rows = batch.slice(1) if is_header else batch
            is_header = is_header and batch.num_rows == 0
            last_cell = batch.columns[-1][-1].as_py() if batch.num_rows else last_cell
            table = pa.Table.from_batches([rows]).rename_columns(list(dialect.names))
            yield _points_for_commas(table) if dialect.delimiter == ";" else table
        refuse_open_quote(path, last_cell)
    except (pa.ArrowException, UnicodeError) as problem:
        raise explain_csv_error(path, dialect, problem) from problem
    except OSError as problem:
        raise _unreadable(path, problem) from problem


def _parquet_batches(path: Path, batch_rows: int, *, first_row: int = 0) -> Iterator[Any]:
    import pyarrow as pa  # noqa: PLC0415  (importing this module must stay cheap)
    from pyarrow import parquet  # noqa: PLC0415  (same)

    # Without pre_buffer a file of one huge row group is read piece by piece.
    with _explaining_parquet(path), parquet.ParquetFile(path, pre_buffer=False) as file:
        schema = _tidy_schema(path, file.schema_arrow)
        groups, n_skipped = _groups_from(file.metadata, first_row)
        for batch in file.iter_batches(batch_size=batch_rows, row_groups=groups):
            wanted = batch.slice(n_skipped)
            n_skipped = max(n_skipped - batch.num_rows, 0)
            yield pa.Table.from_batches([wanted]).rename_columns(schema.names).cast(schema, safe=False)


def _groups_from(metadata: Any, first_row: int) -> tuple[list[int], int]:
    """Give the row groups from the one that holds ``first_row`` on, and the rows before it in that one."""
    n_before = 0
    for group in range(metadata.num_row_groups):
        n_rows = metadata.row_group(group).num_rows
        if first_row < n_before + n_rows:
            return list(range(group, metadata.num_row_groups)), first_row - n_before
        n_before += n_rows
    return [], 0


@contextlib.contextmanager
def _explaining_parquet(path: Path) -> Iterator[None]:
    """Turn what goes wrong with a Parquet file into one sentence that names it."""
    import pyarrow as pa  # noqa: PLC0415  (importing this module must stay cheap)

    try:
        yield
    except pa.ArrowException as problem:
        first_line = str(problem).splitlines()[0]
        raise InputError(f"{path} cannot be read as Parquet ({first_line}); export it again") from problem
    except OSError as problem:
        raise _unreadable(path, problem) from problem


def _tidy_schema(path: Path, schema: Any) -> Any:
    """Give the types frames can hold: text for dictionaries, doubles for decimals, naive UTC times."""
    import pyarrow as pa  # noqa: PLC0415  (importing this module must stay cheap)

    names = [name.strip() for name in schema.names]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise InputError(f"{path} has several columns called {twice}; rename all but one")
    if nested := [field.name for field in schema if pa.types.is_nested(field.type)]:
        raise InputError(f"{path}: columns {nested} hold lists or records; leave them out or flatten them")
    return pa.schema([(name, _tidy_type(field.type)) for name, field in zip(names, schema, strict=True)])


def _tidy_type(kind: Any) -> Any:
    import pyarrow as pa  # noqa: PLC0415  (importing this module must stay cheap)

    if pa.types.is_dictionary(kind):
        return _tidy_type(kind.value_type)
    if pa.types.is_decimal(kind) or pa.types.is_float16(kind):
        return pa.float64()
    if pa.types.is_timestamp(kind) or pa.types.is_date(kind):
        return pa.timestamp("us")
    textual = (pa.types.is_large_string, pa.types.is_string_view, pa.types.is_binary, pa.types.is_null)
    return pa.string() if any(is_kind(kind) for is_kind in textual) else kind


def _regrouped(tables: Iterator[Any], batch_rows: int) -> Iterator[Any]:
    """Yield the same rows in tables of exactly ``batch_rows``, the last one perhaps shorter."""
    waiting: list[Any] = []
    for table in tables:
        waiting.append(table)
        while sum(part.num_rows for part in waiting) >= batch_rows:
            joined = _joined(waiting)
            yield joined.slice(0, batch_rows)
            waiting = [joined.slice(batch_rows)]
    if waiting and (rest := _joined(waiting)).num_rows:
        yield rest


def _joined(tables: Any) -> Any:
    import pyarrow as pa  # noqa: PLC0415  (importing this module must stay cheap)

    try:
        return pa.concat_tables(tables, promote_options="permissive")
    except pa.ArrowException as problem:
        first_line = str(problem).splitlines()[0]
        raise InputError(
            f"the files of one folder do not go together ({first_line}); write each column alike in all"
        ) from problem


def _blank_as_missing(table: Any) -> Any:
    return _map_text(table, _null_where_blank)


def _null_where_blank(column: Any) -> Any:
    from pyarrow import compute  # noqa: PLC0415  (importing this module must stay cheap)

    blank = compute.or_(compute.equal(column, ""), compute.utf8_is_space(column))
    return compute.if_else(blank, None, column) if compute.any(blank).as_py() else column


def _points_for_commas(table: Any) -> Any:
    """Read "1.234,5" as "1234.5": where semicolons part the cells, commas part the decimals."""
    return _map_text(table, _point_for_comma)


def _point_for_comma(column: Any) -> Any:
    from pyarrow import compute  # noqa: PLC0415  (importing this module must stay cheap)

    is_decimal = compute.match_substring_regex(column, _DECIMAL_COMMA)
    plain = compute.replace_substring(compute.replace_substring(column, ".", ""), ",", ".")
    return compute.if_else(is_decimal, plain, column)


def _map_text(table: Any, change: Any) -> Any:
    import pyarrow as pa  # noqa: PLC0415  (importing this module must stay cheap)

    for position, field in enumerate(table.schema):
        if pa.types.is_string(field.type):
            table = table.set_column(position, field.name, change(table.column(position)))
    return table


def _to_frame(table: Any) -> "pd.DataFrame":
    import pandas as pd  # noqa: PLC0415  (importing this module must stay cheap)
    import pyarrow as pa  # noqa: PLC0415  (same)

    types = {pa.bool_(): pd.BooleanDtype()}
    frame: pd.DataFrame = table.to_pandas(types_mapper=types.get)
    return frame


def _unreadable(path: Path, problem: OSError) -> InputError:
    return InputError(
        f"{path} cannot be read ({problem.strerror or problem}); check the file and your rights to it"
    )
