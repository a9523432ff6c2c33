"""What more data would bring: quality on the same unseen rows, learned from more and more accounts."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit
from threadpoolctl import threadpool_limits

from standfast.features.encode import Encoding
from standfast.features.matrix_rows import MatrixRows
from standfast.propensity.additive_fit import fit_tables
from standfast.propensity.bootstrap import account_weights, middle
from standfast.propensity.evaluation import Estimate, without_nan
from standfast.propensity.ladder import count_events
from standfast.propensity.metrics import Floats, Sorted, auc, sort_rows
from standfast.propensity.recipe import Recipe

PARTS = (8, 4, 2, 1)
"""The accounts are cut in so many parts, of which each model learns from one."""
REPEATS = 2
"""Parts tried of each size, at most; their figures are averaged."""
LEAST_EVENTS = 10
KNOTS, RIDGE = 4, 10.0
"""The cheapest model that bends: what it gains from more data, others gain about, too."""
LEAST_GAIN = 0.005
"""Share of the log loss that is worth waiting for."""
POWERS = np.linspace(0.1, 1.5, 29)
DRAWS = 60
MOST_ROWS = 60_000
"""A book with more rows is spared the question: the answer is seldom that it needs more."""


@dataclass(frozen=True)
class Step:
    """A model that learned from so many accounts, and how good it was on the unseen rows."""

    n_accounts: int
    n_events: int
    log_loss: float
    auc: float


@dataclass(frozen=True)
class LearningCurve:
    """Quality against the accounts learned from, and what twice as many would bring.

    ``gain`` is the log loss that twice the accounts would save by the fitted power law, ``auc_gain`` what
    they would add to the AUC; intervals by drawing test accounts anew. ``last_gain`` is what the last
    doubling saved: beyond chance where its interval lies above zero.
    """

    steps: tuple[Step, ...]
    gain: Estimate
    auc_gain: Estimate
    last_gain: Estimate

    @property
    def sentence(self) -> str:
        """Say it."""
        last, ahead = self.steps[-1], self.gain
        learned = (
            f"the last doubling, to {last.n_accounts:,} accounts, saved {self.last_gain.value:.4f} log loss"
        )
        if self.last_gain.low <= 0 or ahead.value < LEAST_GAIN * last.log_loss:
            return (
                f"more data of this kind would bring little: {learned} ({self.last_gain.low:.4f} to "
                f"{self.last_gain.high:.4f}); other columns may bring more"
            )
        return (
            f"twice the data would bring about {ahead.value:.4f} log loss ({ahead.low:.4f} to "
            f"{ahead.high:.4f}) and {self.auc_gain.value:+.3f} AUC: {learned} (by a plain logistic model)"
        )

    def to_dict(self) -> dict[str, Any]:
        """Plain values for a JSON file."""
        plain: dict[str, Any] = without_nan(asdict(self))
        return {**plain, "sentence": self.sentence}


@dataclass(frozen=True, eq=False)
class Taught:
    """Rows that teach or test: matrix, outcomes, accounts."""

    matrix: MatrixRows
    label: Floats
    groups: NDArray[np.int64]

    def take(self, chosen: NDArray[np.bool_]) -> "Taught":
        """Give some of the rows."""
        return Taught(self.matrix.take(np.flatnonzero(chosen)), self.label[chosen], self.groups[chosen])


def learn_curve(past: Taught, unseen: Taught, *, encoding: Encoding, recipe: Recipe) -> LearningCurve | None:
    """Give the curve; None where fewer than three sizes have events enough, or very many rows or columns."""
    is_wide = past.matrix.n_columns * KNOTS > recipe.max_coefficients
    if is_wide or len(past.label) > MOST_ROWS:
        return None
    parts = _parts(past.groups, seed=recipe.seed)
    # Blocked matrix products round differently on two threads than on one.
    with threadpool_limits(limits=1, user_api="blas"):
        said = {size: _answers(past, unseen, parts, size, encoding=encoding, recipe=recipe) for size in PARTS}
    told = {size: answers for size, answers in said.items() if answers}
    if len(told) < 3 or PARTS[-1] not in told:
        return None
    steps = tuple(_step(past, parts, size, answers) for size, answers in told.items())
    return _fitted(steps, list(told.values()), unseen, seed=recipe.seed)


def _parts(groups: NDArray[np.int64], *, seed: int) -> NDArray[np.int64]:
    """Deal the accounts into as many parts as the smallest size takes; give each row's part."""
    accounts, place = np.unique(groups, return_inverse=True)
    dealt = np.random.default_rng(seed).permutation(len(accounts)) % PARTS[0]
    return np.asarray(dealt[place], dtype=np.int64)


def _rows_of(parts: NDArray[np.int64], size: int, turn: int) -> NDArray[np.bool_]:
    """Say which rows are in one of ``size`` equal parts of the accounts."""
    return np.asarray(parts % size == turn)


def _answers(
    past: Taught, unseen: Taught, parts: NDArray[np.int64], size: int, *, encoding: Encoding, recipe: Recipe
) -> list[Sorted]:
    """Give the unseen rows as models of a size rank them; nothing where a part holds too few events."""
    taught = [past.take(_rows_of(parts, size, turn)) for turn in range(min(size, REPEATS))]
    if any(_n_rarer(part) < LEAST_EVENTS for part in taught):
        return []
    _, account = np.unique(unseen.groups, return_inverse=True)
    cells = unseen.matrix.read()
    tables = [
        fit_tables(part.matrix, part.label, encoding=encoding, recipe=recipe, n_knots=KNOTS, ridge=RIDGE)
        for part in taught
    ]
    return [sort_rows(unseen.label, expit(table.score(cells)), account) for table in tables]


def _n_rarer(rows: Taught) -> int:
    return count_events(rows.label, rows.groups) if len(rows.label) else 0


def _step(past: Taught, parts: NDArray[np.int64], size: int, answers: list[Sorted]) -> Step:
    part = past.take(_rows_of(parts, size, 0))
    log_loss, order = _quality(answers, np.ones(len(answers[0].y)))
    return Step(len(np.unique(part.groups)), _n_rarer(part), log_loss, order)


def _quality(answers: list[Sorted], weight: Floats) -> tuple[float, float]:
    """Give the mean log loss and AUC of the models of one size."""
    weights = [weight[rows.order] for rows in answers]
    losses = [float(np.average(rows.row_loss, weights=w)) for rows, w in zip(answers, weights, strict=True)]
    orders = [auc(rows, w) for rows, w in zip(answers, weights, strict=True)]
    return float(np.mean(losses)), float(np.mean(orders))


def _fitted(steps: tuple[Step, ...], said: list[list[Sorted]], unseen: Taught, *, seed: int) -> LearningCurve:
    sizes = np.array([step.n_accounts for step in steps], dtype=np.float64)
    _, account = np.unique(unseen.groups, return_inverse=True)

    def gains(losses: Floats, orders: Floats) -> tuple[float, float, float]:
        return _ahead(sizes, losses), _ahead(sizes, -orders), float(losses[-2] - losses[-1])

    point = gains(*(np.array([getattr(step, name) for step in steps]) for name in ("log_loss", "auc")))
    drawn = np.array(
        [
            gains(*np.array([_quality(answers, weight) for answers in said]).T)
            for weight in account_weights(account, draws=DRAWS, seed=seed)
        ]
    )
    return LearningCurve(
        steps, *(Estimate(value, *middle(drawn[:, place], 0.9)) for place, value in enumerate(point))
    )


def _ahead(sizes: Floats, figures: Floats) -> float:
    """Give by how much twice the last size lowers a figure: ``a + b x size^-c`` of least squares, b >= 0."""
    shrunk = (sizes[:, None] / sizes[-1]) ** -POWERS
    centred = shrunk - shrunk.mean(axis=0)
    gaps = (figures - figures.mean())[:, None]
    slope = np.maximum(0.0, (centred * gaps).sum(axis=0) / (centred**2).sum(axis=0))
    off = gaps - centred * slope
    best = int(np.argmin((off**2).sum(axis=0)))
    return float(slope[best] * (1 - 2.0 ** -POWERS[best]))
