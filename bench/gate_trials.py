"""One made-up book after the other meets the gate: each trial gives its answers by what was tried."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.special import expit, logit

from bench.gate_books import Floats, World, dated_book, flat_book
from bench.gate_meetings import LOGISTIC, WHOLE, Answer, Model, is_leak_caught, learn, make, meet

FLAT, DATED = World(n_accounts=1_500), World(n_accounts=400)
SMALL = World(n_accounts=300)
OFF = float(np.log(1.5))
LOST = ("seats",)
"""The column that the better of two models sees and the other does not: log-odds of -0.5 a deviation."""
MONTHS = 12
"""Months with matured labels when the champion learned."""
LATER = {1: "a month", 4: "four months", 9: "nine months"}
"""Months after which a book with dates is trained on again."""
WANDERS = 0.35
"""Log-odds by which a made model is off the truth, by chance alone."""

Answers = Mapping[str, Answer]


def first_models(world: World, *, seed: int) -> Answers:
    """Train a first model on a flat book, and on the same book with its labels shuffled."""
    rows, _ = flat_book(world, seed=seed)
    luck = np.random.default_rng([seed, 7]).permutation(len(rows))
    shuffled = rows.assign(churned=rows["churned"].to_numpy()[luck])
    shuffled["churned"] = shuffled["churned"].astype("boolean")
    return {
        name: meet(learn(table, name="first", recipe=WHOLE), None)
        for name, table in (("honest", rows), ("shuffled", shuffled))
    }


def true_models(world: World, *, seed: int) -> Answers:
    """Let the truth itself be a first model."""
    rows, log_odds = flat_book(world, seed=seed)
    return {"truth": meet(make(rows, expit(log_odds), name="first"), None)}


def made_pairs(world: World, *, seed: int) -> Answers:
    """Let two models meet that are off the truth alike, of churn alone and of expansion too."""
    rows, log_odds = flat_book(world, seed=seed)
    rng = np.random.default_rng([seed, 8])
    grows = rng.permutation(log_odds)
    rows = rows.assign(expanded=pd.array(rng.random(len(rows)) < expit(grows), dtype="boolean"))
    churn = [make(rows, _wandering(log_odds, rng), name=name) for name in "AB"]
    growth = [make(rows, _wandering(grows, rng), name=name, target="expanded") for name in "AB"]
    return {
        "errs alike": meet(churn[0], churn[1]),
        "errs alike, of churn and expansion": meet(churn[0], churn[1], also=[(growth[0], growth[1])]),
    }


def flat_pairs(world: World, *, seed: int) -> Answers:
    """Train challengers of a flat book that are as good as the champion, better, or worse."""
    rows, _ = flat_book(world, seed=seed)
    fresh, _ = flat_book(world, seed=seed + 50_000)
    noise = np.random.default_rng([seed, 9]).normal(size=len(rows))
    full, blind = learn(rows, name="A"), learn(rows, name="L", without=LOST)
    return {
        "another seed": meet(learn(rows, name="B", recipe=replace(LOGISTIC, seed=2)), full),
        "a noise column more": meet(learn(rows.assign(more=noise), name="N"), full),
        "a fresh draw of the book": meet(learn(fresh, name="F"), full),
        **_beside(full, blind, full, blind),
    }


def dated_pairs(world: World, *, seed: int) -> Answers:
    """Train again some months later, as good as the champion, better, or worse."""
    rows = dated_book(world, n_months=MONTHS + max(LATER), seed=seed)
    days = np.sort(rows["observation_date"].unique())
    told: dict[str, Answer] = {}
    models = {}
    for later in (0, *LATER):
        known = rows[rows["observation_date"] <= days[MONTHS + later - 1]].reset_index(drop=True)
        models[later] = [
            learn(known, name=f"full {later}"),
            learn(known, name=f"blind {later}", without=LOST),
        ]
    for later, words in LATER.items():
        met = {"the same recipe": meet(models[later][0], models[0][0]), **_beside(*models[0], *models[later])}
        told |= {f"{words} later, {name}": answer for name, answer in met.items()}
    return told


def _beside(full: Model, blind: Model, full_later: Model, blind_later: Model) -> Answers:
    """Let a better and several worse challengers meet the champion; full models see all, blind ones less."""
    high = full_later.saying(expit(logit(full_later.one.probability) + OFF), "H")
    return {
        "sees a useful column more": meet(full_later, blind),
        "has lost a useful column": meet(blind_later, full),
        "odds 1.5 times too high": meet(high, full),
        "knows nothing of one industry": meet(_ignorant(full_later), full),
        "sees a column more, odds 1.5 times too high": meet(high, blind),
        "sees a column more, knows nothing of one industry": meet(_ignorant(full_later), blind),
    }


def _ignorant(model: Model) -> Model:
    """Give the model that says the mean of one industry of all its accounts."""
    there = (model.rows["industry"].iloc[model.one.unseen.position] == "industry f").to_numpy()
    p = model.one.probability.copy()
    p[there] = p[there].mean()
    return model.saying(p, "I")


@dataclass(frozen=True)
class Column:
    """A column that knows the answer more or less, or honestly is strong."""

    name: str
    blur: float = 0.0
    only_leavers: bool = False
    bound: str = "all"


COLUMNS = (
    Column("a date that only leavers have", only_leavers=True),
    Column("the answer itself", blur=0.01),
    Column("the answer, blurred to an AUC of 0.98", blur=0.34),
    Column("a column with an AUC of 0.95, leak or not", blur=0.43, bound=""),
    Column("a clean strong column, an AUC of 0.90", blur=0.55, bound="none"),
)


def leak(column: Column, world: World, *, seed: int) -> tuple[bool, bool]:
    """Say whether the check refuses a flat book with such a column, and whether check or gate does."""
    rows, _ = flat_book(world, seed=seed)
    left = rows["churned"].to_numpy(dtype=float)
    hint: Floats = left + column.blur * np.random.default_rng([seed, 10]).normal(size=len(rows))
    if column.only_leavers:
        hint = np.where(left > 0, hint, np.nan)
    return is_leak_caught(rows.assign(hint=hint))


def _wandering(log_odds: Floats, rng: np.random.Generator) -> Floats:
    """Give honest probabilities of who sees the log-odds through some noise."""
    seen = log_odds + WANDERS * rng.normal(size=len(log_odds))
    share = log_odds.var() / (log_odds.var() + WANDERS**2)
    p = expit(log_odds.mean() + share * (seen - log_odds.mean()))
    return np.asarray(p)
