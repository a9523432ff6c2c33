"""A propensity is calibrated, the same alone and in company, and the same whoever counts the threads."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.special import logit

from standfast.errors import InputError
from standfast.features.encode import UNSEEN, encode
from standfast.features.matrix_rows import MatrixRows
from standfast.propensity.fitted import Propensity
from standfast.propensity.model import fit_propensity


@pytest.fixture(scope="module")
def fitted(book, quick):
    return fit_propensity(book.X, book.y, book.groups, encoding=book.encoding, recipe=quick)


def fit(book, recipe, y=None, X=None):
    return fit_propensity(
        book.X if X is None else X,
        book.y if y is None else y,
        book.groups,
        encoding=book.encoding,
        recipe=recipe,
    )


def with_events(n_events, n=400):
    y = np.zeros(n)
    y[:n_events] = 1
    return np.random.default_rng(3).permutation(y)


def test_probabilities_come_close_to_the_known_truth(make, quick):
    learned, fresh = make(3000, seed=1), make(3000, seed=2)
    p = fit(learned, quick).probability(fresh.X)
    assert np.abs(p - fresh.truth).mean() < 0.04
    for part in np.array_split(np.argsort(p), 5):
        assert abs(p[part].mean() - fresh.truth[part].mean()) < 0.04


def test_probabilities_add_up_to_the_events_of_the_training_rows(book, fitted):
    assert fitted.probability(book.X).mean() == pytest.approx(book.y.mean(), abs=0.01)


@pytest.mark.parametrize(
    ("n_events", "rung"), [(19, "scorecard"), (20, "logistic"), (99, "logistic"), (100, "blend")]
)
def test_the_ladder_turns_at_twenty_and_a_hundred_events(make, quick, n_events, rung):
    """U6."""
    book = make(400)
    fitted = fit(book, quick, y=with_events(n_events))
    assert fitted.rung == rung
    assert fitted.n_events == n_events
    assert bool(fitted.warnings) == (rung != "blend")
    assert (fitted.trees is not None) <= (rung == "blend")


@pytest.mark.parametrize("n_events", [10, 50, 200])
def test_contributions_add_up_to_the_log_odds_on_every_rung(make, quick, n_events):
    """U1."""
    book = make(400)
    fitted = fit(book, quick, y=with_events(n_events))
    base, matrix = fitted.contributions(book.X)
    assert matrix.shape == book.X.shape
    assert np.abs(base + matrix.sum(axis=1) - logit(fitted.probability(book.X))).max() < 1e-6


def test_a_row_alone_has_the_same_probability_to_the_last_bit(book, fitted):
    whole = fitted.probability(book.X)
    for row in range(0, 200, 7):
        assert fitted.probability(book.X[row : row + 1])[0] == whole[row]
    rows = np.random.default_rng(0).permutation(len(book.X))[:333]
    assert (fitted.probability(np.ascontiguousarray(book.X[rows])) == whole[rows]).all()


def test_blocks_and_threads_change_no_bit_of_a_score(book, fitted):
    many = np.tile(book.X, (50, 1))
    assert (fitted.probability(many, n_threads=2) == np.tile(fitted.probability(book.X), 50)).all()


def test_no_rows_give_no_probabilities(book, fitted):
    assert fitted.probability(book.X[:0]).shape == (0,)


def test_files_give_back_the_same_propensity(book, fitted):
    files = fitted.to_files()
    again = Propensity.from_files(files)
    assert (again.probability(book.X) == fitted.probability(book.X)).all()
    assert again.to_files() == files
    assert again.importance() == fitted.importance()
    assert all(isinstance(text, str) for text in files.values())


def test_one_thread_and_two_give_the_same_files(book, quick, fitted):
    assert fit(book, replace(quick, n_threads=2, n_jobs=2)).to_files() == fitted.to_files()


def test_the_order_of_the_rows_changes_nothing(book, quick, fitted):
    order = np.random.default_rng(5).permutation(len(book.y))
    shuffled = fit_propensity(
        book.X[order], book.y[order], book.groups[order], encoding=book.encoding, recipe=quick
    )
    assert shuffled.to_files() == fitted.to_files()


def test_rows_of_a_larger_matrix_teach_and_are_scored_as_a_matrix_of_their_own(book, quick, fitted):
    larger = np.vstack([book.X[::-1], book.X])
    rows = MatrixRows(larger, np.arange(len(book.X), len(larger)))
    assert fit(book, quick, X=rows).to_files() == fitted.to_files()
    assert fitted.log_odds(rows).tolist() == fitted.log_odds(book.X).tolist()


def test_missing_and_unseen_are_read_in_scoring_as_in_training(book, quick, fitted):
    known = book.frame.loc[[0]].assign(plan="basic", seats=0.0, spend=20.0)
    p = {
        name: fitted.probability(encode(known.assign(**change), book.encoding).matrix)[0]
        for name, change in {
            "known": {}, "no spend": {"spend": np.nan}, "stranger": {"plan": "gold"}, "blank": {"plan": " "},
        }.items()
    }  # fmt: skip
    assert p["no spend"] > p["known"]  # accounts without a spend did churn more
    assert p["known"] > p["stranger"] > 0
    no_plan = encode(known.assign(plan=None), book.encoding).matrix
    assert p["blank"] == fitted.probability(no_plan)[0]


def test_a_category_never_seen_is_the_average_account_to_the_logistic_part(book, quick):
    fitted = fit(book, replace(quick, logistic_below=10**6))
    row = book.X[:1].copy()
    row[0, book.encoding.names.index("plan")] = UNSEEN
    assert fitted.contributions(row)[1][0, book.encoding.names.index("plan")] == 0


def test_the_interval_encloses_the_probability_and_rises_with_it(book, fitted):
    p = np.sort(fitted.probability(book.X))
    low, high = fitted.interval(p)
    assert ((low <= p) & (p <= high)).all()
    assert (np.diff(low) >= 0).all()
    assert (np.diff(high) >= 0).all()
    assert (low < high).all()


def test_importance_names_what_drives_the_truth(fitted):
    importance = fitted.importance()
    assert next(iter(importance)) == "seats"
    assert sum(importance.values()) == pytest.approx(1)


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_a_single_class_is_an_error_that_says_so(book, quick, value):
    with pytest.raises(InputError, match=rf"one class only .*800 rows is {int(value)}"):
        fit(book, quick, y=np.full(800, value))


def test_an_outcome_that_is_neither_is_an_error_that_shows_it(book, quick):
    with pytest.raises(InputError, match=r"found \[0.0, 1.0, 2.0\]"):
        fit(book, quick, y=np.arange(800) % 3)


@pytest.mark.parametrize("n_events", [10, 50, 150])
def test_constant_and_all_missing_columns_do_no_harm(make, quick, n_events):
    book = make(400)
    frame = book.frame.assign(constant=1.0, nothing=np.nan, rare=np.where(np.arange(400) < 2, 1.0, np.nan))
    from standfast.features.encode import learn_encoding

    encoding = learn_encoding(frame, columns=list(frame.columns))
    fitted = fit_propensity(
        encode(frame, encoding).matrix, with_events(n_events), book.groups, encoding=encoding, recipe=quick
    )
    odd = encode(frame.assign(constant=[5.0, np.nan] * 200, nothing="abc", rare=0.0), encoding)
    assert not odd.rejected
    assert np.isfinite(fitted.probability(odd.matrix)).all()


def test_five_rows_give_a_cautious_scorecard(make, quick):
    book = make(5)
    fitted = fit(book, quick, y=np.array([0, 1, 0, 0, 1.0]))
    p = fitted.probability(book.X)
    assert fitted.rung == "scorecard"
    assert ((p > 0.1) & (p < 0.9)).all()


def test_a_single_event_gives_probabilities_near_the_base_rate(make, quick):
    book = make(60)
    p = fit(book, quick, y=with_events(1, 60)).probability(book.X)
    assert np.abs(p - 1 / 60).max() < 0.05


def test_a_column_with_infinite_range_keeps_scores_finite(book, fitted):
    extreme = book.X[:2].copy()
    extreme[0, :2], extreme[1, :2] = 1e300, -1e300
    assert np.isfinite(fitted.probability(extreme)).all()


def test_snapshots_of_one_account_count_as_one_event(make, quick):
    book = make(300)
    groups = np.repeat(np.arange(30), 10)
    y = (groups < 10).astype(float)
    fitted = fit_propensity(book.X, y, groups, encoding=book.encoding, recipe=quick)
    assert fitted.n_events == 10
    assert fitted.rung == "scorecard"


def test_training_does_not_change_its_input(book, quick):
    before, frame = book.X.copy(), pd.DataFrame(book.frame)
    fit(book, quick)
    assert np.array_equal(before, book.X, equal_nan=True)
    pd.testing.assert_frame_equal(frame, book.frame)
