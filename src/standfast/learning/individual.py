"""Effects account by account, by T- and X-learner on LightGBM: only for many randomised rows, after a win."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from standfast.learning.arrays import Bools, Floats
from standfast.learning.clusters import Figure
from standfast.learning.off_policy import Logged
from standfast.learning.response_policy import LearningPolicy
from standfast.learning.uplift import paired_qini

Order = Callable[[Floats], Floats]
_SHAPE = {
    "n_estimators": 150, "learning_rate": 0.05, "num_leaves": 8, "min_child_samples": 200, "reg_lambda": 10.0,
    "verbose": -1, "deterministic": True, "force_row_wise": True, "n_jobs": 1, "random_state": 0,
}  # fmt: skip


@dataclass(frozen=True)
class IndividualVerdict:
    """Whether an individual-effect learner may replace the learned response: it won, or why it may not."""

    is_taken: bool = False
    sentence: str = ""
    difference: Figure | None = None


def t_learner(features: Floats, treated: Bools, outcome: Floats, *, seed: int = 0) -> Order:
    """Return a function from features to effects: a model of each arm, and what lies between them."""
    left, reached = (_classifier(features[treated == arm], outcome[treated == arm], seed) for arm in (0, 1))
    return lambda x: np.asarray(_chance(reached, x) - _chance(left, x))


def x_learner(features: Floats, treated: Bools, outcome: Floats, *, seed: int = 0) -> Order:
    """Return the same by the X-learner (Kuenzel et al. 2019): effects of each arm, weighed by their share."""
    left, reached = (_classifier(features[treated == arm], outcome[treated == arm], seed) for arm in (0, 1))
    share = float(treated.mean())
    gained = outcome[treated] - _chance(left, features[treated])
    missed = _chance(reached, features[~treated]) - outcome[~treated]
    of_reached, of_left = (
        _regressor(features[treated], gained, seed),
        _regressor(features[~treated], missed, seed),
    )
    return lambda x: np.asarray(share * of_left.predict(x) + (1 - share) * of_reached.predict(x))


def outcome_model(features: Floats, outcome: Floats, *, seed: int = 0) -> Order:
    """Return a function from features to the chance of the outcome, whatever was done: the plain model."""
    fitted = _classifier(features, outcome, seed)
    return lambda x: _chance(fitted, x)


def may_be_individual(
    order: Floats, pooled: Floats, logged: Logged, *, n_learned: int, policy: LearningPolicy
) -> IndividualVerdict:
    """Return whether individual effects may be used: enough rows to learn from, and a win on other rows.

    Parameters
    ----------
    order, pooled
        Effects by the learner and by the response that stands, on rows that neither has seen.
    n_learned
        Randomised rows the learner has learned from.
    """
    if n_learned < policy.individual_rows:
        return IndividualVerdict(
            False,
            f"no individual effects: {n_learned:,} randomised rows, {policy.individual_rows:,} are needed",
        )
    found = paired_qini(order, pooled, logged, confidence=policy.detail_confidence)
    told = f"Qini {found.value:+.5f} ({found.low:+.5f} to {found.high:+.5f}) against the response that stands"
    if found.low > 0:
        return IndividualVerdict(True, f"individual effects win on held-out rows: {told}", found)
    return IndividualVerdict(False, f"no individual effects: {told} is no sure win", found)


def _classifier(features: Floats, outcome: Floats, seed: int) -> Any:
    import lightgbm  # noqa: PLC0415  (slow to import)

    return lightgbm.LGBMClassifier(**{**_SHAPE, "random_state": seed}).fit(features, outcome)


def _regressor(features: Floats, values: Floats, seed: int) -> Any:
    import lightgbm  # noqa: PLC0415

    return lightgbm.LGBMRegressor(**{**_SHAPE, "random_state": seed}).fit(features, values)


def _chance(model: Any, features: Floats) -> Floats:
    return np.asarray(model.predict_proba(features)[:, 1])
