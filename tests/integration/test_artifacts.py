"""Model bundles on a real disk: whole or not there, verified, switched at once."""

import os
import subprocess
import sys

import pytest

from standfast.adapters.artifacts import (
    bundle_version,
    champion_version,
    has_champion,
    load_bundle,
    load_sealed,
    save_bundle,
    save_sealed,
    switch_champion,
)
from standfast.errors import StateError

pytestmark = pytest.mark.integration
FILES = {"encoding.json": "{}\n", "churned/trees-0.txt": "tree\n"}


def _save(models, version="book-1", files=FILES):
    return save_bundle(models, files=files, manifest={"version": version, "note": "x"})


def test_what_was_saved_is_what_is_loaded(tmp_path):
    _save(tmp_path)
    bundle = load_bundle(tmp_path, "book-1")
    assert bundle.files == FILES
    assert bundle.version == "book-1"
    assert bundle.part("churned") == {"trees-0.txt": "tree\n"}


@pytest.mark.parametrize("name", ["encoding.json", "churned/trees-0.txt"])
def test_a_changed_byte_is_refused(tmp_path, name):
    path = _save(tmp_path) / name
    path.write_text(path.read_text().upper() + " ")
    with pytest.raises(StateError, match="was changed after training"):
        load_bundle(tmp_path, "book-1")


def test_a_file_that_is_missing_or_added_is_refused(tmp_path):
    folder = _save(tmp_path)
    (folder / "extra.txt").write_text("x")
    with pytest.raises(StateError, match="does not match its manifest"):
        load_bundle(tmp_path, "book-1")
    (folder / "extra.txt").unlink()
    (folder / "encoding.json").unlink()
    with pytest.raises(StateError, match="does not match its manifest"):
        load_bundle(tmp_path, "book-1")


def test_a_broken_manifest_is_one_clear_error(tmp_path):
    (_save(tmp_path) / "manifest.json").write_text("{")
    with pytest.raises(StateError, match="standfast train"):
        load_bundle(tmp_path, "book-1")


def test_a_bundle_of_another_schema_is_refused(tmp_path):
    manifest = _save(tmp_path) / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"schema": 1', '"schema": 99'))
    with pytest.raises(StateError, match="schema 99"):
        load_bundle(tmp_path, "book-1")


def test_the_champion_is_switched_and_read_through_its_link(tmp_path):
    assert not has_champion(tmp_path)
    with pytest.raises(StateError, match="no champion"):
        load_bundle(tmp_path)
    _save(tmp_path, "book-1")
    switch_champion(tmp_path, "book-1")
    _save(tmp_path, "book-2")
    switch_champion(tmp_path, "book-2")
    assert champion_version(tmp_path) == "book-2"
    assert (tmp_path / "champion" / "manifest.json").exists()
    assert load_bundle(tmp_path).version == "book-2"


def test_a_damaged_bundle_is_replaced_by_saving_it_again(tmp_path):
    (_save(tmp_path) / "encoding.json").write_text("changed")
    _save(tmp_path)
    assert load_bundle(tmp_path, "book-1").files == FILES


def test_saving_an_equal_bundle_again_leaves_it_alone(tmp_path):
    before = (_save(tmp_path) / "manifest.json").stat().st_mtime_ns
    assert (_save(tmp_path) / "manifest.json").stat().st_mtime_ns == before


def test_a_killed_writer_leaves_no_bundle_and_is_swept_up(tmp_path):
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    left = tmp_path / f".writing-{gone.pid}-abc"
    left.mkdir()
    alive = tmp_path / f".writing-{os.getpid()}-abc"
    alive.mkdir()
    _save(tmp_path)
    assert not left.exists()
    assert alive.exists(), "a living writer keeps its folder"


def test_the_version_follows_from_the_contents_alone():
    manifest = {"a": 1, "b": 2}
    version = bundle_version("Télco Book!", FILES, manifest)
    assert version == bundle_version("Télco Book!", dict(reversed(FILES.items())), {"b": 2, "a": 1})
    assert version != bundle_version("Télco Book!", {**FILES, "encoding.json": "[]"}, manifest)
    assert version.startswith("t-lco-book-")


def test_a_folder_that_cannot_be_written_is_one_clear_error(tmp_path):
    (tmp_path / "models").write_text("a file where a folder should be")
    with pytest.raises(StateError, match="cannot be made"):
        _save(tmp_path / "models")


def test_a_sealed_file_is_read_back_as_it_was_and_none_where_there_is_none(tmp_path):
    assert load_sealed(tmp_path / "models" / "x.json") is None
    save_sealed(tmp_path / "models" / "x.json", {"n": 3, "name": "Müller"})
    assert load_sealed(tmp_path / "models" / "x.json") == {"n": 3, "name": "Müller"}
    assert [path.name for path in (tmp_path / "models").iterdir()] == ["x.json"]


@pytest.mark.parametrize("text", ["", "[1, 2]", "not json", '{"n": 3}\n', "\udcff"])
def test_a_sealed_file_that_was_changed_is_refused(tmp_path, text):
    path = tmp_path / "x.json"
    save_sealed(path, {"n": 3})
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(StateError, match=r"x\.json was changed or cannot be read"):
        load_sealed(path)


def test_a_sealed_file_that_cannot_be_written_leaves_the_old_one(tmp_path):
    (tmp_path / "models").write_text("a file where a folder should be")
    with pytest.raises(StateError, match="cannot be written"):
        save_sealed(tmp_path / "models" / "x.json", {})
