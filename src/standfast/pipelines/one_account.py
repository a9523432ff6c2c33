"""The Python API: a champion loaded once, which scores tables, and one account within milliseconds.

>>> from standfast.pipelines.one_account import open_scorer               # doctest: +SKIP
>>> scorer = open_scorer("models")                                        # doctest: +SKIP
>>> scorer.score_one({"id": "A-1", "plan": "pro", "usage": 1.5, "tickets": 2, "mrr": 900})  # doctest: +SKIP
{'account_id': 'A-1', ..., 'churn_probability': 0.12, ..., 'segment': 'Steer', ...}
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from standfast.decision.columns import Floats
from standfast.decision.reward import given_or_share, money_of, own_or_usual
from standfast.decision.tiers import risk_codes, value_codes
from standfast.errors import InputError
from standfast.features.one_row import RowReader, is_blank
from standfast.pipelines.flat import refuse_duplicate_ids
from standfast.pipelines.known_plays import columns_of_plays
from standfast.pipelines.one_cells import CellReader, Cells, UnusualCellError, reader_for, travelling
from standfast.pipelines.one_reasons import reasons_of
from standfast.pipelines.scoring import PROBABILITY_OF, Scorer, load_scorer
from standfast.pipelines.stretches import Batch, score_batch
from standfast.schema import ACCOUNT_ID, ANNUAL_REVENUE, OBSERVATION_DATE, SCORE_COLUMNS
from standfast.settings import Settings


def open_scorer(models: str | Path = "models", *, settings: Settings | None = None) -> "AccountScorer":
    """Give the champion of a models folder, loaded once to score often.

    Parameters
    ----------
    settings
        Economics, tiers and matrix to place accounts by; those of the training by default.

    Raises
    ------
    StateError
        There is no champion, or its files were changed.
    """
    return AccountScorer(load_scorer(Path(models), settings=settings))


@dataclass(frozen=True, eq=False)
class AccountScorer:
    """A champion ready to score; it holds no state, so threads may share it.

    Accounts of a flat table come in its own column names; those of a book with events in standfast's
    words, as ``standfast snapshots`` writes them.
    """

    scorer: Scorer

    def score(self, rows: pd.DataFrame, *, n_reasons: int = 0) -> Batch:
        """Give the scores of a table's rows, and the rows that could not be scored with the reason of each.

        Raises
        ------
        InputError
            A column is missing, or an account stands twice.
        """
        batch = score_batch(rows, 1, scorer=self.scorer, n_reasons=n_reasons)
        refuse_duplicate_ids(batch.scores[ACCOUNT_ID], source="the table")
        return batch

    def score_one(self, account: Mapping[str, Any], *, n_reasons: int = 0) -> dict[str, Any]:
        """Give the scores of one account by column, the numbers of ``score``; what is empty is None.

        Parameters
        ----------
        n_reasons
            So many of its strongest reasons, as a list under ``reasons``; they cost another millisecond.

        Raises
        ------
        InputError
            A column is missing, or a cell cannot be read.
        """
        found = self.score_plain(account, n_reasons=n_reasons)
        return self._by_table(account, n_reasons) if found is None else found

    def score_plain(self, account: Mapping[str, Any], *, n_reasons: int = 0) -> dict[str, Any] | None:
        """Give what ``score_one`` gives where no table is needed for it; None where a cell is unusual."""
        try:
            cells = self._cells.read(account)
        except UnusualCellError:
            return None
        matrix = self._row.read(cells)
        if matrix is None:
            return None
        found = self._placed(cells, matrix)
        if n_reasons:
            found["reasons"] = reasons_of(cells, matrix, scorer=self.scorer, n_reasons=n_reasons)
        return found

    @cached_property
    def _cells(self) -> CellReader:
        return reader_for(self.scorer.settings, is_flat=self.scorer.is_flat)

    @cached_property
    def _row(self) -> RowReader:
        return RowReader(self.scorer.encoding)

    @cached_property
    def _carried(self) -> tuple[str, ...]:
        return columns_of_plays(self.scorer.settings.plays)

    def _by_table(self, account: Mapping[str, Any], n_reasons: int) -> dict[str, Any]:
        """Score a table of one row, which takes any cell and says what is wrong with it."""
        batch = score_batch(pd.DataFrame([dict(account)]), 1, scorer=self.scorer, n_reasons=n_reasons)
        if batch.scores.empty:
            name, why = batch.rejected[[ACCOUNT_ID, "why"]].iloc[0]
            raise InputError(f"account {name!r} cannot be scored: {why}")
        found = {str(name): _plain(batch.scores[name].iloc[0]) for name in batch.scores}
        return found | {"reasons": json.loads(found["reasons"])} if n_reasons else found

    def _placed(self, cells: Cells, matrix: NDArray[np.float64]) -> dict[str, Any]:
        """Give the columns of the scores, worked out by the functions that place a whole book."""
        scorer = self.scorer
        chances = self._chances(matrix)
        p = chances["churn_probability"]
        revenue = _known(_number(cells, ANNUAL_REVENUE))
        money = money_of(
            revenue, p, chances["upsell_probability"],
            upsell_value=self._upsell_value(cells, revenue),
            gross_margin=self._margin(cells),
        )  # fmt: skip
        policy, placed_in = scorer.settings.tiers, scorer.settings.built_matrix
        tiers = placed_in.risk_tiers, placed_in.value_tiers
        marks = scorer.yardsticks
        risk = risk_codes(p, base_rate=marks.base_rate, policy=policy, n_tiers=len(tiers[0]))
        value = value_codes(money["reward"], cutoffs=marks.cutoffs, n_tiers=len(tiers[1]))
        place = int(placed_in.places[risk, value][0])
        cell = placed_in.cells[place] if place >= 0 else None
        found = {
            ACCOUNT_ID: cells[ACCOUNT_ID], OBSERVATION_DATE: cells.get(OBSERVATION_DATE),
            **{name: _plain(values[0]) for name, values in (chances | money).items()},
            ANNUAL_REVENUE: _plain(revenue[0]),
            "risk_tier": tiers[0][risk[0]], "value_tier": tiers[1][value[0]] if value[0] >= 0 else None,
            "cell": cell.name if cell else None, "segment": cell.segment if cell else None,
            "priority": cell.priority if cell else None, "model_version": scorer.version,
        }  # fmt: skip
        carried = {name: cells[name] for name in self._carried if name in cells and name not in found}
        return {name: found[name] for name in SCORE_COLUMNS} | carried | travelling(cells)

    def _chances(self, matrix: NDArray[np.float64]) -> dict[str, Floats]:
        columns = (*PROBABILITY_OF.values(), "churn_low", "churn_high")
        found = dict.fromkeys(columns, np.full(1, np.nan))
        for target, propensity in self.scorer.propensities.items():
            chance = propensity.probability(matrix)
            found[PROBABILITY_OF[target]] = chance
            if target == "churned":
                found["churn_low"], found["churn_high"] = propensity.interval(chance)
        return found

    def _upsell_value(self, cells: Cells, revenue: Floats) -> Floats:
        """Give it as told, else as learned, else as the settings say."""
        given = _known(_number(cells, "upsell_value"))
        shares = self.scorer.yardsticks.upsell
        if shares is not None and np.isnan(given[0]):
            room = _number(cells, "seat_utilisation"), _number(cells, "usage_limit_share")
            given = shares.at(*room) * revenue
        return given_or_share(given, revenue, economics=self.scorer.settings.economics)

    def _margin(self, cells: Cells) -> Floats:
        return own_or_usual(_number(cells, "gross_margin"), economics=self.scorer.settings.economics)


def _number(cells: Cells, name: str) -> Floats:
    cell = cells.get(name)
    return np.array([np.nan if cell is None else float(cell)])


def _known(money: Floats) -> Floats:
    """Give money where it can be believed, as ``known_revenue`` does."""
    return np.where(np.isfinite(money) & (money >= 0), money, np.nan)


def _plain(value: Any) -> Any:
    """Give a cell of the scores as a plain value, None where it is empty."""
    if is_blank(value):
        return None
    return value.item() if isinstance(value, np.generic) else value
