"""One account scored at once: what the table's kernel gives a row, in a fraction of its time.

A table of one row costs as much as one of a thousand. Here plain cells are read by the same readers, and the
same arithmetic works on arrays of one; whatever is not plain is left to the table's kernel.
"""

import math
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np

from standfast.decision.expansion import room_codes
from standfast.decision.reward import given_or_share, rewards
from standfast.decision.tiers import risk_codes, value_codes
from standfast.features.cells import as_category, as_days, as_number
from standfast.features.encode import UNSEEN, Feature
from standfast.features.flat_cells import yearly_factor
from standfast.pipelines.known_plays import columns_of_plays
from standfast.pipelines.scoring import PROBABILITY_OF, TRAVELLERS, TRAVELLING_NUMBERS, Scorer
from standfast.propensity.one_row import OneRow
from standfast.schema import (
    ACCOUNT_ID,
    ANNUAL_REVENUE,
    CALENDAR_DATES,
    LABELS,
    OBSERVATION_DATE,
    SCORE_COLUMNS,
)

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_NUMBERS = (
    ANNUAL_REVENUE, "upsell_value", "seat_utilisation", "usage_limit_share", *TRAVELLING_NUMBERS,
)  # fmt: skip
_MOST_WHOLE = 2**53
_FIRST_YEAR = 1900
Row = Mapping[str, Any]


class _NotPlainError(Exception):
    """Only the table's kernel can tell."""


class QuickScorer:
    """A scorer made ready for single rows."""

    def __init__(self, scorer: Scorer) -> None:
        self._scorer = scorer
        self._models = {target: OneRow(model) for target, model in scorer.propensities.items()}
        self._features = [(feature, _codes(feature)) for feature in scorer.encoding.features]
        settings = scorer.settings
        policy = settings.reading_of("accounts").policy
        self._is_usable = policy.date_order == "year_first"
        self._factor = yearly_factor(policy, revenue_period=settings.units.revenue_period)
        self._renames = {column: name for name, column in settings.columns.accounts.items()}
        self._carried = columns_of_plays(settings.plays)

    def score(self, row: Row) -> dict[str, Any] | None:
        """Give the scores of one row in the user's own columns; None where the table's kernel must tell.

        That is a row with a cell that cannot be read, a label, a missing column, or a number told as text
        where the plan needs a number.
        """
        if not self._is_usable:
            return None
        try:
            named = self._named(row)
            cells = self._cells(named)
        except _NotPlainError:
            return None
        return self._placed(named, cells)

    def _named(self, row: Row) -> dict[str, Any]:
        """Give the row in canonical words, its revenue per year."""
        renames = self._renames
        if any(column not in row for column, name in renames.items() if name not in LABELS):
            raise _NotPlainError
        taken = {name for column, name in renames.items() if column in row}
        named = {
            renames.get(key, key): value for key, value in row.items() if key in renames or key not in taken
        }
        _refuse_odd(named)
        if named.get(ANNUAL_REVENUE) is not None:
            named[ANNUAL_REVENUE] = float(named[ANNUAL_REVENUE]) * self._factor
        return named

    def _cells(self, named: Row) -> list[float]:
        """Give the row as the models see it."""
        try:
            return [_read(named[feature.name], feature, codes) for feature, codes in self._features]
        except KeyError:
            raise _NotPlainError from None

    def _placed(self, named: Row, cells: list[float]) -> dict[str, Any]:
        """Give probabilities, money and place in the matrix, and what travels along."""
        found = {PROBABILITY_OF[target]: model.probability(cells) for target, model in self._models.items()}
        p, q = (found.get(name, math.nan) for name in ("churn_probability", "upsell_probability"))
        low, high = self._models["churned"].interval(p) if "churned" in self._models else (math.nan, math.nan)
        scorer = self._scorer
        revenue = _believed(named.get(ANNUAL_REVENUE))
        money = rewards(
            np.array([revenue]), np.array([p]), np.array([q]),
            upsell_value=self._upsell_value(named, revenue), margin=np.array([self._margin(named)]),
        )  # fmt: skip
        told: dict[str, Any] = {
            ACCOUNT_ID: named[ACCOUNT_ID].strip(),
            OBSERVATION_DATE: named.get(OBSERVATION_DATE),
            "churn_probability": p,
            "churn_low": low,
            "churn_high": high,
            "contraction_probability": found.get("contraction_probability", math.nan),
            "upsell_probability": q,
            ANNUAL_REVENUE: revenue,
            **{name: float(value[0]) for name, value in money.items()},
            **self._place(p, float(money["reward"][0])),
            "model_version": scorer.version,
        }
        scores = {name: _known(told[name]) for name in SCORE_COLUMNS}
        return scores | {name: named[name] for name in (*TRAVELLERS, *self._carried) if name in named}

    def _place(self, p: float, reward: float) -> dict[str, Any]:
        settings, yardsticks = self._scorer.settings, self._scorer.yardsticks
        matrix = settings.built_matrix
        risk = risk_codes(
            np.array([p]), base_rate=yardsticks.base_rate, policy=settings.tiers,
            n_tiers=len(matrix.risk_tiers),
        )  # fmt: skip
        value = value_codes(np.array([reward]), cutoffs=yardsticks.cutoffs, n_tiers=len(matrix.value_tiers))
        place = int(matrix.places[risk[0], value[0]])
        cell = matrix.cells[place] if place >= 0 else None
        return {
            "risk_tier": matrix.risk_tiers[risk[0]],
            "value_tier": matrix.value_tiers[value[0]] if value[0] >= 0 else None,
            "cell": cell.name if cell else None,
            "segment": cell.segment if cell else None,
            "priority": place + 1 if cell else None,
        }

    def _upsell_value(self, named: Row, revenue: float) -> "np.ndarray[Any, np.dtype[np.float64]]":
        given, shares = _believed(named.get("upsell_value")), self._scorer.yardsticks.upsell
        if math.isnan(given) and shares is not None:
            seats, limit = (_number(named.get(name)) for name in ("seat_utilisation", "usage_limit_share"))
            given = float(shares.by_room(room_codes(np.array([seats]), np.array([limit])))[0]) * revenue
        return given_or_share(
            np.array([given]), np.array([revenue]), economics=self._scorer.settings.economics
        )

    def _margin(self, named: Row) -> float:
        own = _number(named.get("gross_margin"))
        return self._scorer.settings.economics.gross_margin if math.isnan(own) else own


def _refuse_odd(named: Row) -> None:
    """Leave to the table's kernel what it may reject, or read in another way than it stands."""
    account = named.get(ACCOUNT_ID)
    is_plain = isinstance(account, str) and bool(account.strip())
    is_plain &= all(named.get(label) is None for label in LABELS)
    is_plain &= all(_is_number(named.get(name)) for name in _NUMBERS)
    is_plain &= all(_is_day(named.get(name)) for name in (OBSERVATION_DATE, *CALENDAR_DATES))
    is_plain &= all(named.get(name) is None or isinstance(named[name], str) for name in ("name", "owner"))
    is_plain &= all(not isinstance(cell, float) or math.isfinite(cell) for cell in named.values())
    is_plain &= all(not isinstance(cell, int) or abs(cell) <= _MOST_WHOLE for cell in named.values())
    margin = named.get("gross_margin")
    if not (is_plain and (margin is None or 0 <= margin <= 1)):
        raise _NotPlainError


def _read(cell: Any, feature: Feature, codes: Mapping[str, float]) -> float:
    """Give a cell as the models see it."""
    if cell is None:
        return math.nan
    if feature.kind == "category":
        text = as_category(cell)
        return math.nan if text is None else codes.get(text, UNSEEN)
    found = as_number(cell) if feature.kind == "number" else as_days(cell)
    if math.isinf(found):
        raise _NotPlainError
    return found


def _codes(feature: Feature) -> dict[str, float]:
    return {text: float(code) for code, text in enumerate(feature.categories)}


def _is_number(cell: Any) -> bool:
    return cell is None or (isinstance(cell, (int, float)) and not isinstance(cell, bool))


def _is_day(cell: Any) -> bool:
    if cell is None:
        return True
    if not isinstance(cell, str) or not _DAY.fullmatch(cell):
        return False
    try:
        return date.fromisoformat(cell).year >= _FIRST_YEAR
    except ValueError:
        return False


def _number(cell: Any) -> float:
    return math.nan if cell is None else float(cell)


def _believed(cell: Any) -> float:
    """Give money where it can be believed: a negative figure is a credit or an error, so unknown."""
    found = _number(cell)
    return found if math.isfinite(found) and found >= 0 else math.nan


def _known(value: Any) -> Any:
    return None if isinstance(value, float) and math.isnan(value) else value
