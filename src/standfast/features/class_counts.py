"""Whether there are enough accounts of each outcome to learn from, over all and at each observation date."""

from collections.abc import Iterable, Mapping

import pandas as pd

from standfast.features.findings import Finding, some
from standfast.schema import OBSERVATION_DATE

_SCORECARD_BELOW, _LOGISTIC_BELOW = 20, 100


def check_labels(labels: Mapping[str, pd.Series]) -> Iterable[Finding]:
    """Give each label's counts and the step of the model ladder (U6) they allow."""
    if not labels:
        yield Finding(
            name="no_label",
            severity="error",
            explanation="there is no label column, so there is nothing to learn from.",
            way_out='name one: [columns] churned = "YOUR_COLUMN", or expanded = "YOUR_COLUMN"',
        )
    for name, label in labels.items():
        yield _class_counts(name, n_true=int(label.sum()), n_known=int(label.notna().sum()))


def _class_counts(name: str, *, n_true: int, n_known: int) -> Finding:
    rarer = min(n_true, n_known - n_true)
    share = f" ({n_true / n_known:.1%})" if n_known else ""
    counts = f"{name}: {n_true:,} yes{share} among {n_known:,} rows where it is known"
    if rarer == 0:
        return Finding(
            name=f"one_class:{name}",
            severity="error",
            explanation=f"{counts}; a model needs both yes and no.",
            way_out="add accounts of the other outcome, or another period, or leave the label out",
        )
    if rarer < _SCORECARD_BELOW:
        step = (
            f"a scorecard of simple rules, good for a rough order ({_SCORECARD_BELOW} allow a fitted model)"
        )
    elif rarer < _LOGISTIC_BELOW:
        step = f"a regularised logistic model ({_LOGISTIC_BELOW} allow boosted trees)"
    else:
        step = "enough for the full blend with boosted trees"
    return Finding(
        name=f"classes:{name}",
        severity="note" if rarer >= _LOGISTIC_BELOW else "warning",
        explanation=f"{counts}: {step}.",
    )


def check_dates(frame: pd.DataFrame, labels: Mapping[str, pd.Series]) -> Iterable[Finding]:
    """Report dates at which a label that is known at all is known for one class only."""
    for name, label in labels.items():
        counts = label.groupby(frame[OBSERVATION_DATE]).agg(["sum", "count"]).astype(int)
        poor = counts[(counts["count"] > 0) & ((counts["sum"] == 0) | (counts["sum"] == counts["count"]))]
        if len(poor):
            days = some(day.date().isoformat() for day in pd.to_datetime(poor.index))
            yield Finding(
                name=f"one_class_dates:{name}",
                severity="note",
                explanation=f"{name} has a single outcome at {len(poor)} of {len(counts)} observation "
                f"dates: {days}.",
            )
