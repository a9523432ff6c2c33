"""A model read from files is the one written, or it is refused."""

import json
from dataclasses import replace

import numpy as np
import pytest
from scipy.special import logit

from standfast.errors import StateError
from standfast.propensity.curve import Curve
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


def test_a_model_of_the_schema_before_the_curve_is_still_read(book, files):
    about = json.loads(files["propensity.json"]) | {"schema": 1}
    blend = {name: value for name, value in json.loads(files["blend.json"]).items() if name != "curve"}
    old = files | {"propensity.json": json.dumps(about), "blend.json": json.dumps(blend)}
    straight = replace(Propensity.from_files(files).blend, curve=None)
    assert Propensity.from_files(old).blend == straight
    assert np.isfinite(Propensity.from_files(old).probability(book.X)).all()


def test_reasons_add_up_to_what_the_curve_says_and_files_keep_it(book, files):
    """U1."""
    plain = Propensity.from_files(files)
    curve = Curve((-3.0, -1.0, 1.0), (-6.0, -1.2, 2.0))
    bent = replace(plain, blend=replace(plain.blend, curve=curve))
    said = bent.probability(book.X)
    base, matrix = bent.contributions(book.X)
    assert np.abs(base + matrix.sum(axis=1) - logit(said)).max() < 1e-6
    assert (np.argsort(said, kind="stable") == np.argsort(plain.probability(book.X), kind="stable")).all()
    assert (Propensity.from_files(bent.to_files()).probability(book.X) == said).all()
