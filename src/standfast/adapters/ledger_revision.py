"""Which revision a ledger's tables are of, and how they come to the newest one.

The migrations stand in ``migrations/``. Alembic is imported where a ledger is of before, and never else.
"""

import sqlalchemy as sa

from standfast.adapters.ledger_all_tables import LEDGER
from standfast.adapters.ledger_engine import WRITES, shown
from standfast.errors import StateError

REVISIONS = ("0001", "0002", "0003", "0004")
"""The revisions this version of standfast knows, the oldest first."""
REVISION_TABLE = "ledger_revision"
"""Not Alembic's own name: MLflow and others keep theirs under it, perhaps in the same database."""
_REVISION = sa.Table(REVISION_TABLE, sa.MetaData(), sa.Column("version_num", sa.String(32), primary_key=True))


def bring_up_to_date(engine: sa.Engine) -> None:
    """Bring the tables to the newest revision; one query where they are there already.

    Of several processes one does the work, and the others wait for it. Killed half-way, it has done nothing.

    Raises
    ------
    StateError
        A newer standfast has written them.
    """
    if _is_current(engine):
        return
    with engine.execution_options(**WRITES).begin() as connection:
        _make_schema(connection)
        found = revision_of(connection)
        if found is None and not set(LEDGER.tables) & set(sa.inspect(connection).get_table_names()):
            _make_anew(connection)
        elif found != REVISIONS[-1]:
            _refuse_newer(found, connection.engine)
            _upgrade(connection)


def revision_of(connection: sa.Connection) -> str | None:
    """Give the revision of the tables; None where nothing is there, or is of before revisions were kept."""
    if not sa.inspect(connection).has_table(REVISION_TABLE):
        return None
    revision: str | None = connection.execute(sa.select(_REVISION.c.version_num)).scalar()
    return revision


def _is_current(engine: sa.Engine) -> bool:
    with engine.connect() as connection:
        try:
            found = connection.execute(sa.select(_REVISION.c.version_num)).scalar()
        except (
            sa.exc.OperationalError,
            sa.exc.ProgrammingError,
        ):  # no such table; or what is tried next says
            return False
    return bool(found == REVISIONS[-1])


def _make_schema(connection: sa.Connection) -> None:
    """Make the schema that the address names, where a PostgreSQL database has none of that name."""
    if connection.dialect.name != "postgresql" or connection.scalar(sa.select(sa.func.current_schema())):
        return
    path = str(connection.execute(sa.text("SHOW search_path")).scalar()).strip()
    if path.isidentifier():
        connection.execute(sa.schema.CreateSchema(path, if_not_exists=True))


def _make_anew(connection: sa.Connection) -> None:
    """Make all tables as they are now; a test proves that the migrations come to the same."""
    LEDGER.create_all(connection)
    _REVISION.create(connection)
    connection.execute(sa.insert(_REVISION).values(version_num=REVISIONS[-1]))


def _refuse_newer(found: str | None, engine: sa.Engine) -> None:
    if found is not None and found not in REVISIONS:
        raise StateError(
            f"the ledger {shown(engine.url)} was written by a newer standfast (its tables are of "
            f"revision {found}, this one knows them up to {REVISIONS[-1]}); upgrade standfast here, too"
        )


def _upgrade(connection: sa.Connection) -> None:
    from alembic import command  # noqa: PLC0415  (only where there is something to do)
    from alembic.config import Config  # noqa: PLC0415  (same)

    config = Config()
    config.set_main_option("script_location", "standfast.adapters:migrations")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
