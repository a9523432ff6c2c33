"""A column that knows the label is told from its values; a strong honest one is not accused."""

import numpy as np
import pandas as pd
import pytest

from standfast.features.findings import CheckPolicy
from standfast.features.kinds import column_kind
from standfast.features.leakage import has_telling_name, leak_suspicions

N = 1_000
RNG = np.random.default_rng(5)
LEFT = RNG.random(N) < 0.25
LABEL = pd.Series(pd.array(LEFT, dtype="boolean"), name="churned")


def suspicions(values: object, label: pd.Series = LABEL) -> list[bool]:
    kind = column_kind(pd.Series(values, name="x"))
    return [suspicion.certain for suspicion in leak_suspicions([kind], label, policy=CheckPolicy())]


LEAKS = {
    "filled for churners only": np.where(LEFT, "price", None),
    "filled for most churners only": np.where(LEFT & (RNG.random(N) < 0.7), RNG.choice(["a", "b"], N), None),
    "filled for stayers only": np.where(LEFT, np.nan, RNG.random(N)),
    "blank for most churners only": np.where(LEFT & (RNG.random(N) < 0.8), np.nan, RNG.random(N)),
    "a status with a value for those who left": np.where(LEFT, RNG.choice(["gone", "lost"], N), "here"),
    "a value most churners carry": np.where(LEFT & (RNG.random(N) < 0.7), "Z", RNG.choice(["A", "B"], N)),
    "a date of leaving": pd.Series(np.where(LEFT, "2024-03-01", None)),
    "the label itself as a number": LEFT.astype(int),
    "a number high for churners": LEFT * 10 + RNG.random(N),
    "a number low for churners": RNG.random(N) - LEFT * 10,
    "churners in a band that no order shows": np.where(LEFT, 5, RNG.choice([1, 9], N)) + RNG.random(N),
}


@pytest.mark.parametrize("what", LEAKS)
def test_a_column_that_knows_the_label_is_found(what: str) -> None:
    assert suspicions(LEAKS[what]) == [True]


HONEST = {
    "noise": RNG.random(N),
    "a strong number": LEFT * 1.5 + RNG.normal(size=N),
    "a rare value that only churners carry": np.where(
        LEFT & (RNG.random(N) < 0.1), "4", RNG.choice(["1", "2"], N)
    ),
    "a column half blank": np.where(RNG.random(N) < 0.5, np.nan, RNG.random(N)),
    "a few filled cells, all of stayers": np.where(~LEFT & (RNG.random(N) < 0.02), "x", None),
    "another text in each row": [f"A{i}" for i in range(N)],
    "one value": ["same"] * N,
}


@pytest.mark.parametrize("what", HONEST)
def test_an_honest_column_is_not_accused(what: str) -> None:
    assert suspicions(HONEST[what]) == []


def test_a_nearly_perfect_column_is_suspect_but_not_convicted() -> None:
    assert suspicions(LEFT * 3.0 + np.random.default_rng(1).normal(size=N)) == [False]


def test_too_few_accounts_of_one_class_prove_nothing() -> None:
    few = pd.Series(pd.array([True] * 5 + [False] * 995, dtype="boolean"), name="churned")
    assert suspicions(few.astype(int), few) == []


def test_rows_without_a_label_play_no_part() -> None:
    label = LABEL.copy()
    label.iloc[:500] = pd.NA
    assert suspicions(np.where(LEFT & (np.arange(N) >= 500), "price", None), label) == [True]


def test_the_order_of_rows_changes_nothing_for_a_leak() -> None:
    order = np.argsort(LEFT, kind="stable")
    values = pd.Series(LEAKS["a number high for churners"])[order].reset_index(drop=True)
    assert suspicions(values, LABEL[order].reset_index(drop=True)) == [True]


def test_the_evidence_is_told_in_counts() -> None:
    kind = column_kind(pd.Series(LEAKS["filled for churners only"], name="reason"))
    (suspicion,) = leak_suspicions([kind], LABEL, policy=CheckPolicy())
    assert f"filled for {LEFT.sum()} of {LEFT.sum()} accounts that are churned" in suspicion.why
    assert f"for 0 of {(~LEFT).sum()} others" in suspicion.why


@pytest.mark.parametrize(
    "name", ["Churn Reason", "cancel_date", "ended_on", "Customer Status", "closed_reason"]
)
def test_names_that_speak_of_leaving_are_telling(name: str) -> None:
    assert has_telling_name(name)


@pytest.mark.parametrize(
    "name", ["tenure", "state", "Contract", "us_region", "account_length", "ticket_status_n"]
)
def test_other_names_are_not(name: str) -> None:
    assert not has_telling_name(name)
