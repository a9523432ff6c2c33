"""The book month by month as its champion sees it: cells, probabilities, matured labels."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from standfast.adapters.artifacts import Bundle
from standfast.errors import InputError
from standfast.features.encode import encode
from standfast.pipelines.events import observe_events
from standfast.pipelines.observe import ObservedBook
from standfast.pipelines.scoring import Scorer
from standfast.pipelines.target_rows import known_rows
from standfast.propensity.metrics import Floats
from standfast.schema import ACCOUNT_ID, LABELS, OBSERVATION_DATE
from standfast.settings import Settings


@dataclass(frozen=True, eq=False)
class MonitoredBook:
    """What a champion says of every month of its book.

    Parameters
    ----------
    rows
        Snapshots of all months, the oldest first, the newest at the as-of date.
    probability
        By target, what the champion says of each row.
    learned_until
        The newest observation date that the champion learned from.
    judged_from
        From this date on no label window touches one that it learned from.
    """

    observed: ObservedBook
    rows: pd.DataFrame
    matrix: Floats
    probability: Mapping[str, Floats]
    scorer: Scorer
    learned_until: pd.Timestamp
    judged_from: pd.Timestamp
    n_unreadable: int

    @property
    def day(self) -> NDArray[np.str_]:
        """Observation date of each row, as text."""
        return day_of(self.rows)

    def judged(self, target: str) -> NDArray[np.bool_]:
        """Say which rows tell how good the champion is: outcome known, and never learned from."""
        since = (self.rows[OBSERVATION_DATE] >= self.judged_from).to_numpy(dtype=bool)
        return np.asarray(since & known_rows(self.rows, target))

    def learned(self, target: str) -> NDArray[np.bool_]:
        """Say which rows lie in the months that it learned from."""
        until = (self.rows[OBSERVATION_DATE] <= self.learned_until).to_numpy(dtype=bool)
        return np.asarray(until & known_rows(self.rows, target))


def day_of(rows: pd.DataFrame) -> NDArray[np.str_]:
    """Give the observation dates of rows as text."""
    return np.asarray(rows[OBSERVATION_DATE].dt.strftime("%Y-%m-%d"), dtype=np.str_)


def account_codes(rows: pd.DataFrame) -> NDArray[np.int64]:
    """Give a number for each account."""
    return np.asarray(pd.factorize(rows[ACCOUNT_ID])[0], dtype=np.int64)


def look_by_month(bundle: Bundle, scorer: Scorer, *, settings: Settings, as_of: date | None) -> MonitoredBook:
    """Give a book with events month by month under its champion.

    Raises
    ------
    InputError
        The book cannot be read, or lacks a column that the champion was trained on.
    """
    observed = observe_events(settings, as_of=as_of, by_month=True)
    rows = _all_months(observed)
    encoded = encode(rows, scorer.encoding)
    rows, matrix = rows[encoded.accepted].reset_index(drop=True), encoded.matrix[encoded.accepted]
    learned_until = _learned_until(bundle)
    return MonitoredBook(
        observed=observed,
        rows=rows,
        matrix=matrix,
        probability={name: one.probability(matrix) for name, one in scorer.propensities.items()},
        scorer=scorer,
        learned_until=learned_until,
        judged_from=settings.label_policy.new_from(learned_until),
        n_unreadable=len(encoded.rejected),
    )


def first_report_on(book: MonitoredBook, settings: Settings) -> date:
    """Give the first day on which labels that the champion has not learned from have matured."""
    matures_in, step_days = settings.label_policy.maturity_days, settings.snapshots.step_days
    steps_back = -(-matures_in // step_days) * step_days
    return (book.judged_from + timedelta(days=steps_back)).date()


def _all_months(observed: ObservedBook) -> pd.DataFrame:
    """Give past months and the newest one below each other, labels empty where they have not matured."""
    past = observed.snapshots
    newest = observed.current.reindex(columns=past.columns)
    unknown = {label: pd.Series(pd.NA, index=newest.index, dtype="boolean") for label in LABELS}
    both = pd.concat([past, newest.assign(**unknown)], ignore_index=True) if len(past) else newest
    return both.sort_values([OBSERVATION_DATE, ACCOUNT_ID], kind="stable", ignore_index=True)


def _learned_until(bundle: Bundle) -> pd.Timestamp:
    last = bundle.manifest["data"]["last_date"]
    if last is None:
        raise InputError(
            f"model {bundle.version} learned from rows without dates, so it cannot be told which labels are "
            "new to it; train on tables with dates"
        )
    return pd.Timestamp(last)
