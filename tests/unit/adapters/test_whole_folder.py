"""A folder replaced as a whole."""

import pytest

from standfast.adapters import whole_folder
from standfast.adapters.whole_folder import replace_folder
from standfast.errors import InputError

DEAD = "999999999"


def names(folder):
    return sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))


def test_the_new_files_take_the_place_of_the_old_ones(tmp_path):
    replace_folder(tmp_path / "out" / "lists", {"ann.csv": b"1", "bo.csv": b"2"})
    replace_folder(tmp_path / "out" / "lists", {"ann.csv": b"3"})
    assert names(tmp_path / "out" / "lists") == ["ann.csv"]
    assert (tmp_path / "out" / "lists" / "ann.csv").read_bytes() == b"3"
    assert len(list((tmp_path / "out").iterdir())) == 1, "nothing is left beside it"


def test_files_of_others_are_never_removed(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(InputError, match=r"not ours: notes.txt; .*new folder with -o"):
        replace_folder(tmp_path, {"ann.csv": b"1"})
    assert (tmp_path / "notes.txt").read_text() == "mine"


def test_a_file_added_to_our_folder_is_kept_and_told(tmp_path):
    replace_folder(tmp_path / "lists", {"ann.csv": b"1"})
    (tmp_path / "lists" / "notes.txt").write_text("mine")
    with pytest.raises(InputError, match="notes"):
        replace_folder(tmp_path / "lists", {"ann.csv": b"2"})
    assert (tmp_path / "lists" / "ann.csv").read_bytes() == b"1"


def test_a_file_in_its_place_is_refused(tmp_path):
    (tmp_path / "lists").write_text("a file")
    with pytest.raises(InputError, match=r"is a file; give a folder"):
        replace_folder(tmp_path / "lists", {"ann.csv": b"1"})


def test_a_write_that_fails_leaves_the_last_good_folder(tmp_path, monkeypatch):
    replace_folder(tmp_path / "lists", {"ann.csv": b"1"})

    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(whole_folder.os, "fsync", fail)
    with pytest.raises(InputError, match="No space left"):
        replace_folder(tmp_path / "lists", {"ann.csv": b"2"})
    assert (tmp_path / "lists" / "ann.csv").read_bytes() == b"1"
    assert len(list(tmp_path.iterdir())) == 1


def test_a_run_killed_between_the_renames_is_mended_by_the_next(tmp_path):
    replace_folder(tmp_path / "lists", {"ann.csv": b"1"})
    (tmp_path / "lists").rename(tmp_path / f".lists.{DEAD}-ab.old")
    (tmp_path / f".lists.{DEAD}-cd.part").mkdir()
    whole_folder._sweep(tmp_path / "lists")
    assert (tmp_path / "lists" / "ann.csv").read_bytes() == b"1"
    assert len(list(tmp_path.iterdir())) == 1
