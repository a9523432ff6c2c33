import hashlib
import tomllib

import duckdb
import pandas as pd
import pytest

from standfast.sample import export
from standfast.sample.book import make_sample_book
from standfast.sample.export import SETTINGS_FILE, TRUTH_FILE, write_sample_book
from standfast.schema import TABLES

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def book():
    return make_sample_book(n_accounts=150, n_months=12, seed=5)


@pytest.fixture(scope="module")
def folder(book, tmp_path_factory):
    folder = tmp_path_factory.mktemp("sample") / "deep" / "book"
    write_sample_book(book, folder)
    return folder


def _digests(folder):
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_the_same_seed_writes_the_same_bytes(book, folder, tmp_path):
    write_sample_book(make_sample_book(n_accounts=150, n_months=12, seed=5), tmp_path)
    assert _digests(tmp_path) == _digests(folder)


def test_every_table_the_settings_and_the_hidden_truth_are_written(book, folder):
    written = write_sample_book(book, folder)
    assert set(written) == {path for path in folder.rglob("*") if path.is_file()}
    settings = tomllib.loads((folder / SETTINGS_FILE).read_text("utf-8"))
    files = {name: settings["book"][name] for name in TABLES}
    assert all((folder / file).is_file() for file in files.values())
    assert "hours" not in settings["capacity"], "owners have their own hours, in team.csv"


def test_the_truth_is_in_no_file_that_the_settings_name(folder):
    settings = (folder / SETTINGS_FILE).read_text("utf-8")
    assert (folder / TRUTH_FILE).is_file()
    assert "truth" not in settings


def test_duckdb_reads_each_table_row_for_row(book, folder):
    settings = tomllib.loads((folder / SETTINGS_FILE).read_text("utf-8"))
    for name, table in book.tables.items():
        path = folder / settings["book"][name]
        read = duckdb.sql(f"select * from '{path}'")
        assert read.columns == list(table.columns)
        assert len(read) == len(table)


def test_days_are_dates_and_moments_are_times(folder):
    usage = duckdb.sql(f"describe select * from '{folder / 'usage.parquet'}'").df().set_index("column_name")
    assert usage.loc["day", "column_type"] == "DATE"
    tickets = duckdb.sql(f"describe select * from '{folder / 'tickets.csv'}'").df().set_index("column_name")
    assert tickets.loc["opened_at", "column_type"] == "TIMESTAMP"


def test_names_survive_the_file_as_they_are(book, folder):
    read = pd.read_csv(folder / "accounts.csv", keep_default_na=False)
    assert read["name"].tolist() == book.tables["accounts"]["name"].tolist()
    assert read["name"].str.startswith("=").any()


def test_a_write_that_fails_half_way_leaves_the_files_that_were_there(book, folder, monkeypatch):
    before = _digests(folder)

    def fail(table, path, **_):
        path.write_text("half")
        raise OSError("disk full")

    monkeypatch.setattr(export.pd.DataFrame, "to_csv", fail)
    with pytest.raises(OSError, match="disk full"):
        write_sample_book(book, folder)
    assert _digests(folder) == before
