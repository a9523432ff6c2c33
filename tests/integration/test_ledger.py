"""The ledger keeps what it is told, whole or not at all, and says plainly when it cannot."""

import multiprocessing
from datetime import date

import pytest
import sqlalchemy as sa

from standfast.adapters.ledger import has_ledger, now, open_ledger
from standfast.adapters.ledger_tables import OUTCOMES
from standfast.errors import StateError

pytestmark = pytest.mark.integration


def address(folder):
    return f"sqlite:///{folder / 'ledger.sqlite'}"


def outcome(account, day=1):
    return {
        "book": "b", "account_id": account, "day": date(2026, 1, day), "outcome": "renewed",
        "recorded_at": now(),
    }  # fmt: skip


def count(folder):
    with open_ledger(address(folder), book="b") as ledger, ledger.reading() as connection:
        return connection.execute(sa.select(sa.func.count()).select_from(OUTCOMES)).scalar_one()


def write_many(where, name):
    for day in range(1, 21):
        with open_ledger(where, book="b") as ledger, ledger.writing() as connection:
            connection.execute(sa.insert(OUTCOMES), [outcome(name, day)])


def write_twice(ledger):
    with ledger.writing() as connection:
        for _ in range(2):
            connection.execute(sa.insert(OUTCOMES), [outcome("a")])


def test_a_ledger_that_is_not_there_is_made_when_it_is_opened(tmp_path):
    assert not has_ledger(address(tmp_path))
    assert count(tmp_path) == 0
    assert has_ledger(address(tmp_path))


def test_work_that_fails_half_way_leaves_nothing_behind(tmp_path):
    with open_ledger(address(tmp_path), book="b") as ledger, pytest.raises(StateError, match="UNIQUE"):
        write_twice(ledger)
    assert count(tmp_path) == 0


def test_writers_at_the_same_time_lose_nothing(tmp_path):
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=write_many, args=(address(tmp_path), name)) for name in "abc"]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0, 0, 0]
    assert count(tmp_path) == 60


def test_a_file_that_is_no_database_is_named(tmp_path):
    (tmp_path / "ledger.sqlite").write_text("these are my notes, not a database, and they are long enough")
    with pytest.raises(StateError, match=r"ledger\.sqlite.*not a database.*\[paths\] ledger"):
        count(tmp_path)


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(StateError, match=r"nowhere.*unable to open"):
        count(tmp_path / "nowhere")
