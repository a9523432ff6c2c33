"""What more data would bring is read off models that learned from more and more accounts."""

import json

import numpy as np
import pytest

from standfast.features.matrix_rows import as_rows
from standfast.propensity import learning_curve
from standfast.propensity.learning_curve import Taught, _ahead, learn_curve
from standfast.propensity.recipe import Recipe


def curve_of(book, *, n_past):
    past, unseen = (
        Taught(as_rows(book.X[part]), book.y[part], np.arange(len(book.y))[part])
        for part in (slice(0, n_past), slice(n_past, None))
    )
    return learn_curve(past, unseen, encoding=book.encoding, recipe=Recipe())


@pytest.fixture(scope="module")
def curve(make):
    return curve_of(make(4000, noise=20), n_past=2000)


def test_quality_rises_with_the_accounts_learned_from(curve):
    assert [step.n_accounts for step in curve.steps] == [250, 500, 1000, 2000]
    losses = [step.log_loss for step in curve.steps]
    assert losses == sorted(losses, reverse=True)
    assert curve.steps[-1].auc > curve.steps[0].auc
    assert curve.steps[-1].n_events > curve.steps[0].n_events


def test_twice_the_data_brings_less_than_the_last_doubling_did(curve):
    assert 0 < curve.gain.value < curve.last_gain.value
    assert curve.gain.low <= curve.gain.value <= curve.gain.high
    assert "twice the data would bring about" in curve.sentence


def test_a_power_law_is_read_off_exactly():
    sizes = np.array([250.0, 500.0, 1000.0, 2000.0])
    losses = 0.3 + 2.0 * sizes**-0.5
    assert _ahead(sizes, losses) == pytest.approx(2.0 * (2000**-0.5 - 4000**-0.5), rel=0.01)
    assert _ahead(sizes, -losses) == 0


def test_where_nothing_is_to_be_learned_more_data_would_bring_little(make):
    book = make(4000)
    shuffled = np.random.default_rng(0).permutation(book.y)
    pure = type(book)(book.frame, np.zeros_like(book.X), shuffled, book.truth, book.groups, book.encoding)
    said = curve_of(pure, n_past=2000).sentence
    assert "more data of this kind would bring little" in said
    assert "other columns may bring more" in said


def test_too_few_events_and_very_many_rows_give_no_curve(make, monkeypatch):
    assert curve_of(make(200, base=-4.0), n_past=100) is None
    monkeypatch.setattr(learning_curve, "MOST_ROWS", 1000)
    assert curve_of(make(4000), n_past=2000) is None


def test_the_same_rows_give_the_same_curve_and_it_fits_in_a_file(make, curve):
    assert curve_of(make(4000, noise=20), n_past=2000) == curve
    assert json.dumps(curve.to_dict(), allow_nan=False)
