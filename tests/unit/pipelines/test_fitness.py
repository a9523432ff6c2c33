"""Groups come from the unseen rows' snapshots; differences are corrected for how many were tried."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit, logit

from standfast.errors import InputError
from standfast.features.matrix_rows import as_rows
from standfast.pipelines.fit import TrainedTarget
from standfast.pipelines.fitness import fitness_groups, judge_fitness
from standfast.pipelines.observe import ObservedBook
from standfast.pipelines.target_rows import TargetRows
from standfast.report.fitness_words import fitness_csv, fitness_listing, fitness_markdown
from standfast.settings import build_settings

N = 6000


def snapshots(seed=0):
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "account_id": [f"A{i}" for i in range(N)],
            "industry": rng.choice(["Retail", "Finance", "Health", None], N, p=[0.3, 0.4, 0.25, 0.05]),
            "country": rng.choice(["DE", "FR", "US"], N),
            "annual_revenue": rng.lognormal(9, 1, N),
            "shade": rng.choice(["red", "blue"], N),
        }
    )


def trained(frame, *, shift=0.0, where="Retail", seed=1):
    """A model whose probabilities are true, but off by ``shift`` log-odds in one industry."""
    rng = np.random.default_rng(seed)
    truth = expit(rng.normal(-1.8, 1.0, N))
    y = (rng.random(N) < truth).astype(float)
    said = expit(logit(truth) + shift * (frame["industry"] == where).to_numpy(dtype=float))
    rows = TargetRows("churned", np.arange(N), as_rows(np.zeros((N, 1))), y, np.arange(N), None)
    return TrainedTarget("churned", None, None, None, rows, said, None)


def groups_of(frame, **fitness):
    settings = build_settings({"fitness": fitness} if fitness else {})
    observed = ObservedBook(snapshots=frame, current=frame, as_of=None, is_flat=True)
    return fitness_groups(frame, observed, settings=settings), settings.fitness


def judged(frame, **model):
    groups, policy = groups_of(frame)
    return judge_fitness(trained(frame, **model), groups, policy=policy)


def test_a_model_that_is_right_everywhere_is_warned_of_nowhere():
    fitness = judged(snapshots())
    assert fitness.warnings == ()
    assert "none of them err more than the rest beyond chance" in fitness.line
    assert "not by plan, start year, which the book does not tell" in fitness.line


def test_a_group_that_is_promised_too_little_is_named_with_its_figures():
    fitness = judged(snapshots(), shift=-0.7)
    (warning,) = fitness.warnings
    assert warning.startswith("churn: industry Retail, ")
    assert "it promises too little (" in warning
    assert "1 of them errs more than the rest" in fitness.line
    assert "promises too much" in judged(snapshots(), shift=0.9).warnings[0]


def test_shuffled_groups_of_a_true_model_are_seldom_called_different():
    """Corrected for twenty comparisons, not one in ten books has a warning by chance."""
    assert sum(bool(judged(snapshots(seed), seed=seed).warnings) for seed in range(20)) <= 3


def test_small_groups_are_counted_as_too_small_and_never_warned_of():
    frame = snapshots()
    frame.loc[:30, "industry"] = "Tiny"
    fitness = judged(frame, shift=-3.0, where="Tiny")
    (tiny,) = [one for one in fitness.groups if one.group == "Tiny"]
    assert tiny.findings == ("too few",)
    assert not any("Tiny" in warning for warning in fitness.warnings)
    assert "too small to judge (under 20 accounts of the rarer outcome)" in fitness.line


def test_any_column_may_be_named_and_one_that_is_not_there_is_refused_before_training():
    groups, _ = groups_of(snapshots(), by=["shade", "plan"])
    assert list(groups) == ["shade"]
    with pytest.raises(InputError, match=r"no dimension or column 'shadow' .* nearest is 'shade'"):
        groups_of(snapshots(), by=["shadow"])


def test_table_markdown_and_csv_hold_every_group():
    frame = snapshots().replace({"industry": {"Health": "He|alth\nand care"}})
    fitness = judged(frame, shift=-0.7)
    told = fitness.to_dict()
    listing = fitness_listing(told)
    assert len(listing.rows) == len(fitness.groups)
    assert ("industry Retail", "promises too little") in [(row[0], row[-1]) for row in listing.rows]
    text = fitness_markdown([("churn", told)])
    lines = [line for line in text.splitlines() if line.startswith("|")]
    assert {line.count("|") for line in lines} == {10}
    assert len(fitness_csv([("churn", told)]).splitlines()) >= len(fitness.groups) + 1


def test_a_book_without_any_of_the_columns_says_so():
    frame = snapshots()[["account_id"]]
    assert "none of the columns" in judged(frame.assign(industry=None)).line
