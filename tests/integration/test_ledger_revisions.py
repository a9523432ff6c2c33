"""A ledger comes to the newest revision by itself, whole or not at all, whichever way it began."""

import multiprocessing
import os
import signal
import subprocess
import sys
from datetime import date

import pytest
import sqlalchemy as sa

from standfast.adapters import ledger_revision
from standfast.adapters.ledger import open_ledger
from standfast.adapters.ledger_all_tables import LEDGER
from standfast.adapters.ledger_engine import make_engine, parsed
from standfast.adapters.ledger_revision import REVISION_TABLE, REVISIONS, revision_of
from standfast.errors import StateError

pytestmark = pytest.mark.integration


def before_revisions(address):
    """A ledger as it was made before revisions were kept, with a touch in it."""
    from importlib import import_module

    first = import_module("standfast.adapters.migrations.versions.r0001_tables_of_before")
    engine = make_engine(parsed(address))
    with engine.begin() as connection:
        first.BEFORE.create_all(connection)
        touch = {
            "book": "b", "account_id": "a", "day": date(2026, 1, 1), "channel": "call", "key": "k",
            "recorded_at": sa.func.now(),
        }  # fmt: skip
        connection.execute(sa.insert(first.BEFORE.tables["touches"]).values(touch))
    engine.dispose()


def differences(address):
    """What the tables lack, or have too much, against those the code names."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with open_ledger(address, book="b") as ledger, ledger.reading() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": REVISION_TABLE})
        return compare_metadata(context, LEDGER)


def look(address):
    """Give the revision, the tables, and the accounts of the touches."""
    engine = make_engine(parsed(address))
    with engine.connect() as connection:
        tables = set(sa.inspect(connection).get_table_names())
        found = connection.execute(sa.text("SELECT account_id FROM touches")).scalars().all()
        revision = revision_of(connection)
    engine.dispose()
    return revision, tables, found


def test_the_revisions_named_are_those_there_are():
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", "standfast.adapters:migrations")
    scripts = ScriptDirectory.from_config(config)
    assert [script.revision for script in scripts.walk_revisions()] == list(reversed(REVISIONS))


@pytest.mark.parametrize("is_new", [True, False])
def test_made_anew_or_migrated_the_tables_are_those_the_code_names(ledger_address, is_new):
    if not is_new:
        before_revisions(ledger_address)
    assert differences(ledger_address) == []
    assert look(ledger_address)[2] == ([] if is_new else ["a"])


def open_and_close(address, start):
    start.wait()
    with open_ledger(address, book="b"):
        pass


def test_of_two_who_open_an_old_ledger_at_once_one_migrates_and_the_other_waits(ledger_address):
    before_revisions(ledger_address)
    context = multiprocessing.get_context("fork")
    start = context.Event()
    both = [context.Process(target=open_and_close, args=(ledger_address, start)) for _ in range(2)]
    for one in both:
        one.start()
    start.set()
    for one in both:
        one.join()
    assert [one.exitcode for one in both] == [0, 0]
    assert look(ledger_address)[0] == REVISIONS[-1]


def die_in_the_migration(address):
    from alembic import command

    upgrade = command.upgrade

    def half(*arguments):
        upgrade(*arguments)
        os.kill(os.getpid(), signal.SIGKILL)

    command.upgrade = half
    with open_ledger(address, book="b"):
        pass


def test_whoever_is_killed_in_a_migration_leaves_the_ledger_as_it_was(ledger_address):
    before_revisions(ledger_address)
    killed = multiprocessing.get_context("fork").Process(target=die_in_the_migration, args=(ledger_address,))
    killed.start()
    killed.join()
    assert killed.exitcode == -signal.SIGKILL
    revision, tables, accounts = look(ledger_address)
    assert (revision, accounts) == (None, ["a"])
    assert "users" not in tables
    assert differences(ledger_address) == []


def test_a_ledger_of_a_newer_standfast_is_refused_in_one_sentence(ledger_address):
    with open_ledger(ledger_address, book="b") as ledger, ledger.writing() as connection:
        connection.execute(sa.text(f"UPDATE {REVISION_TABLE} SET version_num = '9999'"))
    refused = "written by a newer standfast .*revision 9999.*upgrade"
    with pytest.raises(StateError, match=refused), open_ledger(ledger_address, book="b"):
        pass


def test_a_ledger_that_is_current_costs_one_query_and_no_alembic(tmp_path):
    address = f"sqlite:///{tmp_path / 'ledger.sqlite'}"
    with open_ledger(address, book="b"):
        pass
    asked = []
    engine = make_engine(parsed(address))
    sa.event.listen(engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    ledger_revision.bring_up_to_date(engine)
    engine.dispose()
    assert len([said for said in asked if said != "BEGIN"]) == 1
    done = (
        "import sys; from standfast.adapters.ledger import open_ledger\n"
        f"with open_ledger({address!r}, book='b'): sys.exit('alembic' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", done], check=False).returncode == 0


@pytest.mark.postgres
def test_beside_a_book_s_tables_of_the_same_names_the_ledger_has_a_schema_of_its_own(
    postgres_database, monkeypatch
):
    from standfast.settings import build_settings

    engine = make_engine(parsed(postgres_database))
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE touches (account_id text)"))
    monkeypatch.setenv("STANDFAST_DATABASE", postgres_database)
    address = build_settings({}).ledger_address
    assert differences(address) == []
    assert look(address)[2] == []
    with engine.begin() as connection:
        assert set(sa.inspect(connection).get_table_names()) == {"touches"}
        assert set(sa.inspect(connection).get_table_names("standfast")) == {*LEDGER.tables, REVISION_TABLE}
    engine.dispose()
    with pytest.raises(StateError, match=r"ledger .*cannot be used") as refused:
        differences(address.replace("s3cret", "wr0ng"))
    assert "wr0ng" not in str(refused.value)
    assert "search_path" not in str(refused.value)
