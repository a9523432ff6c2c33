"""A ledger that is no longer read is named, so that nobody looks for records that lie elsewhere."""

import warnings
from pathlib import Path

import pytest

from standfast.errors import StandfastWarning
from standfast.pipelines import book_ledger
from standfast.settings import Settings

SERVER = "postgresql+psycopg://standfast@db.example/standfast"


@pytest.fixture
def opened(monkeypatch, tmp_path):
    """A function that opens the ledger of default settings in a folder; nothing is connected to."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(book_ledger, "open_ledger", lambda address, book: (address, book))
    return lambda: book_ledger.book_ledger(Settings())


def test_a_file_that_is_set_aside_by_a_database_is_named_with_the_way_over(opened, monkeypatch):
    monkeypatch.setenv("STANDFAST_DATABASE", SERVER)
    Path("ledger.sqlite").touch()
    with pytest.warns(StandfastWarning, match=r"ledger\.sqlite lies here.*backup and restore"):
        opened()


@pytest.mark.parametrize("there", ["a file alone", "a database alone"])
def test_one_ledger_is_nothing_to_speak_of(opened, monkeypatch, there):
    if there == "a file alone":
        Path("ledger.sqlite").touch()
    else:
        monkeypatch.setenv("STANDFAST_DATABASE", SERVER)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        opened()
