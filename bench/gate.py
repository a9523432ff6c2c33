"""What the gate lets through and what it keeps out, in made-up books whose truth is known.

`python -m bench gate` takes a few minutes; BENCH_SEEDS=5 makes it short. "Trained" lines fit whole models,
"flat" and "dated" ones the logistic part alone; "made" ones let the gate judge probabilities drawn around the
truth. Every answer is the product's own.
"""

import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TypeVar

from joblib import Parallel, delayed
from scipy.stats import beta

from bench.gate_books import World
from bench.gate_meetings import Answer
from bench.gate_trials import (
    COLUMNS,
    DATED,
    FLAT,
    SMALL,
    Answers,
    dated_pairs,
    first_models,
    flat_pairs,
    leak,
    made_pairs,
    true_models,
)

N_SEEDS = int(os.environ.get("BENCH_SEEDS", "15"))
"""Made-up books a line of trained models rests on; where nothing is trained there are four times as many."""
NOMINAL = "5 % or less"
"""What an interval of 90 % leaves on either side."""
FIRST = (
    ("300 accounts, 15 % leave", SMALL, NOMINAL),
    ("300 accounts, 4 % leave", World(n_accounts=300, rate=0.04), "no bound: under few_events"),
    ("2,000 accounts, 15 % leave", World(n_accounts=2_000), NOMINAL),
)
EQUAL = ("another seed", "errs alike", "the same recipe")
"""Challengers that are as good as the champion."""
Line = tuple[str, str, str]
Told = TypeVar("Told")


def rows() -> Iterator[Line]:
    """Name, figure and bound of each measure."""
    for words, world, bound in FIRST:
        yield from _first(words, told(partial(first_models, world), n=N_SEEDS), bound)
    for n_accounts in (300, 1_500):
        answers = told(partial(true_models, World(n_accounts=n_accounts)), n=4 * N_SEEDS)
        for name, bound in (("level", "10 % or less"), ("calibration", NOMINAL)):
            failed = [name in one["truth"].failed for one in answers]
            yield f"gate, made: the truth of {n_accounts:,} accounts fails {name}", share(failed), bound
    yield from _pairs("made", told(partial(made_pairs, FLAT), n=4 * N_SEEDS))
    yield from _pairs("flat", told(partial(flat_pairs, FLAT), n=N_SEEDS))
    yield from _pairs("dated", told(partial(dated_pairs, DATED), n=N_SEEDS))
    yield from _leaks()


def told(trial: Callable[..., Told], *, n: int) -> list[Told]:
    """Run a trial in many made-up books."""
    answers: list[Told] = Parallel(n_jobs=2)(delayed(trial)(seed=seed) for seed in range(n))
    return answers


def share(met: Sequence[bool]) -> str:
    """Spell a share with its exact 90 % interval."""
    yes, of = sum(met), len(met)
    low = float(beta.ppf(0.05, yes, of - yes + 1)) if yes else 0.0
    high = float(beta.ppf(0.95, yes + 1, of - yes)) if yes < of else 1.0
    return f"{yes / of:.1%} ({low:.1%} to {high:.1%}) of {of}"


def _first(words: str, answers: Sequence[Answers], bound: str) -> Iterator[Line]:
    let_through = [one["shuffled"].promoted for one in answers]
    yield f"gate, trained, {words}: shuffled labels let through", share(let_through), bound
    honest = [one["honest"] for one in answers]
    refused = [not one.promoted for one in honest]
    yield f"gate, trained, {words}: honest first model refused", share(refused) + _blamed(honest), ""


def _pairs(words: str, answers: Sequence[Answers]) -> Iterator[Line]:
    """Tell of each challenger how often it is promoted, how often a criterion refuses it, and which."""
    for name in answers[0]:
        met = [one[name] for one in answers]
        promoted, refused = [one.promoted for one in met], [bool(one.refused_by) for one in met]
        yield f"gate, {words}, {name}: promoted", share(promoted), ""
        is_equal = name.endswith(EQUAL)
        bound = f"each of log_loss, auc, segments, money {NOMINAL}" if is_equal else ""
        yield "  refused by a criterion", share(refused) + _blamed(met), bound


def _blamed(answers: Sequence[Answer]) -> str:
    """Spell which criteria refuse how often."""
    by = Counter(name for one in answers for name in one.refused_by)
    told = ", ".join(f"{name} {n / len(answers):.0%}" for name, n in by.most_common())
    return told and f": {told}"


def _leaks() -> Iterator[Line]:
    for column in COLUMNS:
        met = told(partial(leak, column, World(n_accounts=900)), n=max(N_SEEDS // 2, 5))
        checked, caught = ([one[place] for one in met] for place in (0, 1))
        yield f"gate, {column.name}: kept out by check or gate", share(caught), column.bound
        yield "  by the check alone", share(checked), ""
