"""A model read from files is the one written, or it is refused."""

import json

import pytest

from standfast.errors import StateError
from standfast.propensity.fitted import Propensity
from standfast.propensity.model import fit_propensity


@pytest.fixture(scope="module")
def files(book, quick):
    return fit_propensity(book.X, book.y, book.groups, encoding=book.encoding, recipe=quick).to_files()


def test_a_model_of_another_schema_is_refused(files):
    other = json.dumps(json.loads(files["propensity.json"]) | {"schema": 99})
    with pytest.raises(StateError, match=r"schema 99.*train again"):
        Propensity.from_files(files | {"propensity.json": other})


@pytest.mark.parametrize(
    "name", ["propensity.json", "additive.json", "blend.json", "interval.json", "trees-0.txt"]
)
def test_a_model_without_one_of_its_files_is_refused_by_name(files, name):
    assert name in files
    with pytest.raises(StateError, match=name):
        Propensity.from_files({key: text for key, text in files.items() if key != name})


@pytest.mark.parametrize("name", ["additive.json", "blend.json", "trees-0.txt"])
def test_junk_in_place_of_a_file_is_refused(files, name):
    with pytest.raises(StateError, match="train again"):
        Propensity.from_files(files | {name: "junk"})


def test_the_text_says_nothing_of_threads(files):
    assert "num_threads" not in "".join(files.values())
