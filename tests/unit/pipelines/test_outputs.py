"""Results never go over what they are made from."""

from pathlib import Path

import pytest

from standfast.errors import InputError
from standfast.pipelines.outputs import refuse_no_folder, refuse_to_replace_input
from standfast.settings import build_settings

SETTINGS = build_settings({"book": {"accounts": "a.csv", "usage": "sub/u.parquet"}}, folder=Path("book"))


@pytest.mark.parametrize("output", ["book/a.csv", "book/../book/a.csv", "book/sub/u.parquet", "new.csv"])
def test_a_table_that_is_read_is_not_replaced(output):
    with pytest.raises(InputError, match="would be replaced"):
        refuse_to_replace_input(Path(output), SETTINGS, Path("new.csv"))


def test_another_place_is_fine():
    refuse_to_replace_input(Path("a.csv"), SETTINGS, None)


def test_an_output_folder_must_be_one_or_be_missing(tmp_path):
    refuse_no_folder(tmp_path)
    refuse_no_folder(tmp_path / "new")
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="is a file"):
        refuse_no_folder(tmp_path / "file")


def test_no_part_is_added_to_a_folder_that_is_a_table(tmp_path):
    (tmp_path / "usage" / "deep").mkdir(parents=True)
    settings = build_settings({"book": {"accounts": "a.csv", "usage": "usage"}}, folder=tmp_path)
    for output in ("usage/scores.csv", "usage/deep/scores.parquet"):
        with pytest.raises(InputError, match="would become a part of the table"):
            refuse_to_replace_input(tmp_path / output, settings)
    refuse_to_replace_input(tmp_path / "usage" / "report.html", settings)


def test_the_mapping_of_ids_and_an_sqlite_database_are_read_too(tmp_path):
    book = {"accounts": "accounts", "identifiers": "ids.csv", "database": "sqlite:///shop.db"}
    settings = build_settings({"book": book}, folder=tmp_path)
    for output in ("ids.csv", "shop.db"):
        with pytest.raises(InputError, match="would be replaced"):
            refuse_to_replace_input(tmp_path / output, settings)
    refuse_to_replace_input(tmp_path / "accounts", settings)
