"""Signs that a snapshot knows what was written after its date, or counts one outcome several times."""

from collections.abc import Collection, Iterator, Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from standfast.features.findings import Finding
from standfast.features.kinds import ColumnKind
from standfast.features.leakage import rank_auc
from standfast.schema import ACCOUNT_ID, OBSERVATION_DATE

_EARLIER_DATES = 6
_MOST_ROWS = 20_000
_BETTER_BY = 0.1
_SIGMAS = 4.0


def window_findings(
    frame: pd.DataFrame, labels: Mapping[str, pd.Series], *, horizon_days: int
) -> Iterator[Finding]:
    """Say how many different accounts stand behind the yes of a label whose windows overlap."""
    dates = pd.DatetimeIndex(frame[OBSERVATION_DATE].drop_duplicates().sort_values())
    steps = np.diff(dates.to_numpy()).astype("timedelta64[D]").astype(int)
    if not len(steps) or steps.min() >= horizon_days:
        return
    told = []
    for name, label in labels.items():
        yes = label.fillna(False).to_numpy(dtype=bool)
        if yes.any():
            told.append(f"{yes.sum():,} yes of {name} are {frame.loc[yes, ACCOUNT_ID].nunique():,} accounts")
    yield Finding(
        name="overlapping_windows",
        severity="note",
        explanation=f"observation dates are {int(np.median(steps))} days apart and the horizon is "
        f"{horizon_days}, so neighbouring snapshots see the same outcomes: {'; '.join(told)}.",
        way_out="intervals are by account, so nothing needs doing; a larger [snapshots] step_days is faster",
    )


def late_date_findings(kinds: Sequence[ColumnKind], observed_on: pd.Series) -> Iterator[Finding]:
    """Say which date columns of a flat table lie after the date of their row."""
    days = pd.to_datetime(observed_on, errors="coerce", utc=True).dt.tz_localize(None)
    at = (days - pd.Timestamp(0)).dt.days.to_numpy(dtype=float)
    for kind in kinds:
        if kind.kind != "date" or kind.numbers is None:
            continue
        late = kind.numbers > at
        if late.any():
            yield Finding(
                name=f"future:{kind.name}",
                severity="warning",
                column=kind.name,
                explanation=f"{kind.name} lies after the row's own {OBSERVATION_DATE} in {int(late.sum()):,} "
                f"of {len(late):,} rows: unless it is a date agreed beforehand, nobody could know it then.",
                way_out="add it to ignore under [columns]; leave it if it was agreed, such as a renewal",
            )


def newest_findings(
    frame: pd.DataFrame, kinds: Sequence[ColumnKind], label: pd.Series, *, apart: Collection[str] = ()
) -> Iterator[Finding]:
    """Say which features tell the label much better at the newest date than before: filled in later."""
    known = label.notna().to_numpy()
    dates = np.unique(frame[OBSERVATION_DATE].to_numpy()[known])
    if len(dates) < 2:
        return
    at = frame[OBSERVATION_DATE].to_numpy()
    newest = np.flatnonzero(known & (at == dates[-1]))
    before = np.flatnonzero(known & np.isin(at, dates[-1 - _EARLIER_DATES : -1]))
    newest, before = (rows[:: 1 + len(rows) // _MOST_ROWS] for rows in (newest, before))
    truth = label.fillna(False).to_numpy(dtype=bool)
    for kind in kinds:
        if kind.numbers is None or kind.kind != "number" or kind.name in apart:
            continue
        now, now_error = _auc(kind.numbers[newest], truth[newest])
        then, then_error = _auc(kind.numbers[before], truth[before])
        better = abs(now - 0.5) - abs(then - 0.5)
        if better >= _BETTER_BY and better >= _SIGMAS * float(np.hypot(now_error, then_error)):
            yield Finding(
                name=f"newest:{kind.name}",
                severity="warning",
                column=kind.name,
                explanation=f"{kind.name} tells {label.name} much better at the newest date (AUC {now:.2f}) "
                f"than at the {min(len(dates) - 1, _EARLIER_DATES)} before ({then:.2f}), as columns do that "
                "hold today's state.",
                way_out="see when it is written; if after the fact, add it to ignore under [columns]",
            )


def _auc(numbers: NDArray[np.float64], truth: NDArray[np.bool_]) -> tuple[float, float]:
    """Give the AUC over the rows that have a number, and its standard error (Hanley and McNeil 1982)."""
    there = np.isfinite(numbers)
    numbers, truth = numbers[there], truth[there]
    n_yes, n_no = int(truth.sum()), int((~truth).sum())
    if min(n_yes, n_no) < 10:
        return 0.5, 1.0
    area = rank_auc(numbers, truth)
    a = max(area, 1 - area)
    q1, q2 = a / (2 - a), 2 * a * a / (1 + a)
    variance = (a * (1 - a) + (n_yes - 1) * (q1 - a * a) + (n_no - 1) * (q2 - a * a)) / (n_yes * n_no)
    return area, float(np.sqrt(variance))
