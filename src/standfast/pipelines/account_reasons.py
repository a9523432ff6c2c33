"""One account's reasons in full, what moved them since an earlier date, and what it could change."""

from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from standfast.features.catalogue import describe
from standfast.features.encode import encode
from standfast.features.peer_values import WHOLE_BOOK
from standfast.features.reach import Goal, ReasonPolicy, goals_within_reach
from standfast.pipelines.reason_text import is_told_as_number, plain_value
from standfast.pipelines.scoring import Scorer
from standfast.propensity.reasons import Reach, Reached, Reason, Reasons

Floats = NDArray[np.float64]


def reasons_of(row: pd.DataFrame, scorer: Scorer) -> Reasons:
    """Give every reason of a frame of one account."""
    matrix = encode(row, scorer.encoding).matrix
    base, effects = scorer.propensities[scorer.explained].contributions(matrix)
    usual = _usual(row, scorer)
    found = []
    for feature, number, effect in zip(scorer.encoding.features, matrix[0], effects[0], strict=True):
        name = feature.name
        meaning, peers = describe(name, scorer.own), plain_value(usual.get(name))
        value = number if is_told_as_number(feature, row) else row[name].iloc[0]
        found.append(
            Reason(
                feature=meaning.label,
                value=plain_value(value),
                effect=float(effect),
                family=meaning.family,
                peers=peers if isinstance(peers, (int, float)) else None,
                name=name,
                unit=meaning.unit,
            )
        )
    return Reasons(float(base), tuple(sorted(found, key=lambda reason: -abs(reason.effect))))


def peers_of(row: pd.DataFrame, scorer: Scorer) -> str | None:
    """Say who an account's peers are; None where the bundle knows none."""
    return None if scorer.peers is None else scorer.peers.words(int(scorer.peers.place(row)[0]))


def within_reach(row: pd.DataFrame, scorer: Scorer, *, policy: ReasonPolicy) -> Reach:
    """Give what the probability would be with single features as peers have them, or the book's best.

    A feature that is not known of the account, or as good as the goal already, has none; nor has any where
    the bundle knows no peers. A sign, not a cause: the model would say so, and that is all.
    """
    matrix = encode(row, scorer.encoding).matrix
    asked = [(name, goal) for name, goals in _goals(row, matrix, scorer, policy).items() for goal in goals]
    place = {name: i for i, name in enumerate(scorer.encoding.names)}
    others = np.repeat(matrix, len(asked) + 2, axis=0)
    for line, (name, goal) in enumerate(asked):
        others[line, place[name]] = goal.value
    nearest = {name: goal.value for name, goal in reversed(asked)}
    for name, value in nearest.items():
        others[-2, place[name]] = value
    *each, together, now = scorer.propensities[scorer.explained].probability(others).tolist()
    found = [
        _reached(name, goal, float(matrix[0, place[name]]), scorer, probability)
        for (name, goal), probability in zip(asked, each, strict=True)
    ]
    ranked = sorted(found, key=lambda one: one.probability)
    return Reach(now, tuple(ranked), together if len(nearest) > 1 else None)


def _reached(name: str, goal: Goal, value: float, scorer: Scorer, probability: float) -> Reached:
    meaning = describe(name, scorer.own)
    return Reached(
        meaning.label, meaning.family, value, goal.value, goal.what, probability, name, meaning.unit
    )


def _goals(row: pd.DataFrame, matrix: Floats, scorer: Scorer, policy: ReasonPolicy) -> dict[str, list[Goal]]:
    """Give, of each feature within reach that the account has and the models see, where it could go."""
    if scorer.peers is None:
        return {}
    usual, peers = _usual(row, scorer), scorer.peers
    values = dict(zip(scorer.encoding.names, matrix[0].tolist(), strict=True))
    by_book = peers.place(row)[0] == WHOLE_BOOK
    found = {}
    for name, better in policy.reachable.items():
        if name not in peers.names or np.isnan(values[name]):
            continue
        goals = goals_within_reach(
            name, values[name], better=better, usual=usual[name], tenths=peers.tenths(name)
        )
        found[name] = [
            replace(goal, what="usual in the book") if by_book and goal.what == "usual among peers" else goal
            for goal in goals
        ]
    return found


def _usual(row: pd.DataFrame, scorer: Scorer) -> dict[str, float]:
    """Give what is usual among an account's peers, by feature."""
    if scorer.peers is None:
        return {}
    group = int(scorer.peers.place(row)[0])
    return {name: float(scorer.peers.usual(name)[group]) for name in scorer.peers.names}
