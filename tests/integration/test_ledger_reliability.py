"""What a ledger does when the disk is full, the database goes away, or a writer is killed."""

import multiprocessing
import os
import signal
import sqlite3
import threading
from datetime import date

import pandas as pd
import pytest
import sqlalchemy as sa

from standfast.adapters import ledger_engine, ledger_overrides
from standfast.adapters.ledger import open_ledger
from standfast.adapters.ledger_answers import Answer, keep_answer, kept_answer
from standfast.adapters.ledger_audit import note, read_audit
from standfast.adapters.ledger_overrides import add_override, all_overrides
from standfast.adapters.ledger_scores import keep_scores, score_runs
from standfast.errors import StateError

pytestmark = pytest.mark.integration

SAID = {"account_id": "a", "field": "segment", "value": "Save", "reason": "r", "until": date(2026, 1, 1)}


def scores_of(n):
    return pd.DataFrame({"account_id": [f"A-{i}" for i in range(n)], "churn_probability": 0.25})


def test_on_a_full_disk_nothing_half_written_stays_and_the_sentence_says_it_is_full(tmp_path):
    with open_ledger(f"sqlite:///{tmp_path / 'ledger.sqlite'}", book="b") as ledger:
        keep_scores(ledger, scores_of(10), as_of=date(2026, 1, 1), model_version=None)

        @sa.event.listens_for(ledger.engine, "begin")
        def _no_more_room(connection):
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")

        with pytest.raises(StateError, match=r"ledger\.sqlite cannot be used: database or disk is full"):
            keep_scores(ledger, scores_of(20_000), as_of=date(2026, 1, 2), model_version=None)
        assert score_runs(ledger)["n_scores"].tolist() == [10]
        assert ledger.engine.connect().exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"


def die_between(address, step):
    """Override within a request that keeps its answer, and die at a step."""

    def die(*_, **__):
        os.kill(os.getpid(), signal.SIGKILL)

    with open_ledger(address, book="b") as ledger:
        if step == "before the audit":
            ledger_overrides.note = die
        with ledger.together() as work:
            add_override(work, **SAID, who="ann")
            if step == "before the answer":
                die()
            keep_answer(work, Answer(201, "text/plain", b"1"), who="ann", key="k", fingerprint="f")
            if step == "before the end":
                die()
        die()


@pytest.mark.parametrize("step", ["before the audit", "before the answer", "before the end", "after"])
def test_killed_in_a_write_all_of_it_is_there_or_nothing(ledger_address, step):
    """The act, its entry in the audit and its answer; so the same request sent again doubles nothing."""
    with open_ledger(ledger_address, book="b"):
        pass
    writer = multiprocessing.get_context("fork").Process(target=die_between, args=(ledger_address, step))
    writer.start()
    writer.join()
    assert writer.exitcode == -signal.SIGKILL
    with open_ledger(ledger_address, book="b") as ledger:
        n = int(step == "after")
        assert len(all_overrides(ledger)) == n
        assert len(read_audit(ledger, limit=9)) == n
        assert (kept_answer(ledger, who="ann", key="k", fingerprint="f") is not None) == bool(n)
        assert add_override(ledger, **SAID, who="ann") > 0


def write_while(ledger, something):
    """Let something happen while a write is under way."""
    with ledger.writing() as connection:
        something()
        connection.execute(sa.text("SELECT 1"))


@pytest.mark.postgres
def test_connections_that_were_lost_are_made_anew_and_meanwhile_one_sentence_says_so(postgres_database):
    name = sa.make_url(postgres_database).database
    admin = sa.create_engine(
        sa.make_url(postgres_database).set(database="postgres"), isolation_level="AUTOCOMMIT"
    )
    end = sa.text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name")
    with open_ledger(postgres_database, book="b") as ledger, admin.connect() as at_server:
        note(ledger, who="ann", action="before")
        at_server.execute(end, {"name": name})
        note(ledger, who="ann", action="after a restart")
        with pytest.raises(StateError, match=r"ledger .*cannot be used: .*terminat"):
            write_while(ledger, lambda: at_server.execute(end, {"name": name}))
        at_server.execute(sa.text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false"))
        at_server.execute(end, {"name": name})
        with pytest.raises(StateError, match=r"ledger .*not currently accepting connections") as away:
            note(ledger, who="ann", action="meanwhile")
        assert "s3cret" not in str(away.value)
        at_server.execute(sa.text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true"))
        note(ledger, who="ann", action="when it is back")
        told = read_audit(ledger, limit=9)["action"].tolist()
    assert told == ["when it is back", "after a restart", "before"]
    admin.dispose()


def test_a_file_that_others_make_ready_just_now_is_waited_for_where_sqlite_would_not(tmp_path):
    """Of two that begin to change the journal at once SQLite refuses one without waiting."""
    file = tmp_path / "ledger.sqlite"
    reader = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    reader.executescript("CREATE TABLE other (x); BEGIN")
    reader.execute("SELECT * FROM other").fetchall()
    opened = sqlite3.connect(file, isolation_level=None, timeout=0)  # it is refused at once, as then
    end = threading.Timer(0.1, reader.close)
    end.start()
    ledger_engine._write_ahead(opened)
    assert opened.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    end.join()


def test_a_ledger_that_another_holds_too_long_is_one_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr("standfast.adapters.ledger_engine._BUSY_SECONDS", 0.1)
    address = f"sqlite:///{tmp_path / 'ledger.sqlite'}"
    with open_ledger(address, book="b") as ledger, open_ledger(address, book="b") as other:
        with (
            ledger.writing(),
            pytest.raises(StateError, match=r"database is locked.*no other program holds it"),
        ):
            note(other, who="ann", action="waited")
        note(other, who="ann", action="came through")
