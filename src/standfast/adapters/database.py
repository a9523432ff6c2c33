"""Tables of a database, read by SQLAlchemy in stretches into Parquet: memory does not grow with the rows."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

from standfast.errors import InputError, NoRowsError

if TYPE_CHECKING:
    import sqlalchemy as sa

_ROWS_AT_ONCE = 50_000
_TIMEOUT_SECONDS = 15
_KNOW_TIMEOUT = {"postgresql", "mysql", "mariadb"}
_AS_ARROW_READS_THEM = {"int", "float", "bool", "str", "date", "datetime", "Decimal"}


def fetch_table(address: str, name: str, *, folder: Path) -> Path:
    """Write a table or view of a database to a Parquet file in ``folder``, its cells as text, and give it.

    Parameters
    ----------
    name
        As the database spells it, with the schema before a point where it is not the default one.

    Raises
    ------
    InputError
        The database cannot be reached, or has no such table; the message never holds the password.
    NoRowsError
        The table is empty.
    """
    import sqlalchemy as sa  # noqa: PLC0415  (importing this module must stay cheap)

    schema, _, table = name.rpartition(".")
    path = folder / f"{name.replace('/', '_')}.parquet"
    with _connected(address, name) as connection:
        _refuse_no_table(connection, table, schema or None, name=name)
        every: sa.Select[Any] = sa.select(sa.text("*")).select_from(sa.table(table, schema=schema or None))
        n_rows = _write(connection.execution_options(yield_per=_ROWS_AT_ONCE).execute(every), path)
        called = describe(address, name)
    if not n_rows:
        raise NoRowsError(f"{called} holds no rows")
    return path


def describe(address: str, name: str) -> str:
    """Give what messages call a table of the database: its name, and where the database is."""
    return f"table {name} of {_place(_parsed(address, name))}"


def what_it_says(problem: "sa.exc.DBAPIError", url: "sa.URL") -> str:
    """Give the first line of what a database complains of, without the password."""
    lines = str(problem.orig).strip().splitlines() or [type(problem.orig).__name__]
    return lines[0].replace(str(url.password), "***") if url.password else lines[0]


@contextmanager
def _connected(address: str, name: str) -> "Iterator[sa.Connection]":
    """Give a connection; what goes wrong in it becomes one sentence that names the table and the host."""
    import sqlalchemy as sa  # noqa: PLC0415  (importing this module must stay cheap)

    url = _parsed(address, name)
    engine = _engine(url, name)
    try:
        with engine.connect() as connection:
            yield connection
    except sa.exc.DBAPIError as problem:
        raise InputError(
            f"table {name} cannot be read from {_place(url)}: {what_it_says(problem, url)}; "
            "check [book] database (or STANDFAST_DATABASE), that the database runs, and your rights there"
        ) from None
    finally:
        engine.dispose()


def _parsed(address: str, name: str) -> "sa.URL":
    import sqlalchemy as sa  # noqa: PLC0415  (importing this module must stay cheap)

    try:
        url = sa.engine.make_url(address)
    except (sa.exc.ArgumentError, ValueError):
        url = None
    if url is None or "@" in (url.host or ""):  # an unescaped @ would show a part of the password as the host
        raise InputError(
            f"the address of the database that holds {name} cannot be understood; write [book] database (or "
            "STANDFAST_DATABASE) like postgresql+psycopg://USER:PASSWORD@HOST:5432/DATABASE, signs such as @ "
            "in the password as %40"
        )
    return url


def _engine(url: "sa.URL", name: str) -> "sa.Engine":
    import sqlalchemy as sa  # noqa: PLC0415  (importing this module must stay cheap)

    _refuse_no_file(url, name)
    knows = url.get_backend_name() in _KNOW_TIMEOUT and "connect_timeout" not in url.query
    limits = {"connect_timeout": _TIMEOUT_SECONDS} if knows else {}
    try:
        return sa.create_engine(url, poolclass=sa.pool.NullPool, connect_args=limits)
    except sa.exc.NoSuchModuleError:
        raise InputError(
            f"{name}: SQLAlchemy knows no database {url.drivername!r}; postgresql+psycopg, mysql+pymysql and "
            "sqlite are some it knows"
        ) from None
    except ImportError as problem:
        raise InputError(
            f"{name}: the driver {problem.name!r} for {url.drivername} is not installed; install it beside "
            "standfast (for PostgreSQL: pip install 'standfast[postgres]')"
        ) from None


def _refuse_no_file(url: "sa.URL", name: str) -> None:
    """Refuse an SQLite file that is not there: connecting would make an empty one."""
    file = url.database
    if url.get_backend_name() != "sqlite" or file is None or file.startswith((":", "file:")):
        return
    if not Path(file).is_file():
        raise InputError(f"{name}: there is no SQLite file {file}; check [book] database")


def _refuse_no_table(connection: "sa.Connection", table: str, schema: str | None, *, name: str) -> None:
    import sqlalchemy as sa  # noqa: PLC0415  (importing this module must stay cheap)

    looked = sa.inspect(connection)
    if looked.has_table(table, schema=schema):
        return
    known = [*looked.get_table_names(schema), *looked.get_view_names(schema)]
    near = get_close_matches(table, known, n=1, cutoff=0.0)
    nearest = f"; the nearest is {near[0]!r}" if near else ""
    where = f"schema {schema} of " if schema else ""
    raise InputError(
        f"there is no table or view {table!r} in {where}{_place(connection.engine.url)}{nearest}; name it "
        f"under [book], outside the default schema as schema.table (a file with its ending: {name}.csv)"
    )


def _write(result: Any, path: Path) -> int:
    """Write the rows as they come and give their number."""
    import pyarrow as pa  # noqa: PLC0415  (importing this module must stay cheap)
    from pyarrow import parquet  # noqa: PLC0415  (same)

    names = list(result.keys())
    n_rows = 0
    with parquet.ParquetWriter(path, pa.schema([(name, pa.string()) for name in names])) as file:
        for rows in result.partitions():
            n_rows += len(rows)
            cells = [_as_text(column) for column in zip(*rows, strict=True)]
            file.write_table(pa.Table.from_arrays(cells, names=names))
    return n_rows


def _as_text(cells: Sequence[Any]) -> Any:
    """Give the cells as a CSV would hold them; a column of one type all through goes the quick way."""
    import pyarrow as pa  # noqa: PLC0415  (importing this module must stay cheap)

    kinds = {type(cell).__name__ for cell in cells} - {"NoneType"}
    if len(kinds) == 1 and kinds <= _AS_ARROW_READS_THEM:
        try:
            return pa.array(cells).cast(pa.string())
        except pa.ArrowException:  # numbers beyond 64 bits
            pass
    return pa.array([None if cell is None else _word(cell) for cell in cells], pa.string())


def _word(cell: Any) -> str:
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _place(url: "sa.URL") -> str:
    """Give where the database is, without user and password."""
    if url.host is None:
        return f"the database {url.database}"
    port = f":{url.port}" if url.port else ""
    return f"the database {url.database} at {url.host}{port}"
