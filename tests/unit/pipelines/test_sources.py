"""What ``[book]`` names: a file, a folder, or a table of the database."""

import pytest

from standfast.pipelines.sources import call, file_of, read_frame
from standfast.settings import build_settings


@pytest.fixture
def named(tmp_path, monkeypatch):
    """What a name means beside a folder called usage, with and without a database."""
    monkeypatch.delenv("STANDFAST_DATABASE", raising=False)
    (tmp_path / "usage").mkdir()

    def path(name, database="postgresql+psycopg://ann:s3cret@db.local/shop"):
        return file_of(build_settings({"book": {"database": database}}, folder=tmp_path), name)

    return path


def test_a_name_with_a_files_ending_or_of_a_folder_is_a_path_relative_to_the_settings(named, tmp_path):
    for name in ("a.csv", "deep/a.PARQUET", "a.tsv", "usage"):
        assert named(name) == tmp_path / name


def test_any_other_name_is_a_table_where_there_is_a_database(named, tmp_path):
    for name in ("accounts", "billing.invoices"):
        assert named(name) is None
        assert named(name, database=None) == tmp_path / name


def test_messages_name_the_table_and_the_host_and_no_secret(tmp_path):
    book = {"database": "postgresql+psycopg://ann:s3cret@db.local/shop"}
    settings = build_settings({"book": book}, folder=tmp_path)
    assert call(settings, "accounts") == "table accounts of the database shop at db.local"
    assert call(settings, "a.csv") == str(tmp_path / "a.csv")


def test_a_frame_is_read_from_wherever_its_table_is(tmp_path):
    (tmp_path / "team").mkdir()
    (tmp_path / "team" / "a.csv").write_text("owner\nann\n")
    (tmp_path / "team" / "b.csv").write_text("owner\nbob\n")
    settings = build_settings({"book": {"team": "team"}}, folder=tmp_path)
    assert read_frame(settings, "team")["owner"].tolist() == ["ann", "bob"]
