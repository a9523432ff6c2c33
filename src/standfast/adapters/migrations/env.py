"""What Alembic runs: bring the tables behind the connection it is given to the revision it is told."""

from alembic import context

from standfast.adapters.ledger_all_tables import LEDGER
from standfast.adapters.ledger_revision import REVISION_TABLE

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=LEDGER,
    version_table=REVISION_TABLE,
    transactional_ddl=True,  # in SQLite, too: we begin its transactions ourselves
)
with context.begin_transaction():
    context.run_migrations()
