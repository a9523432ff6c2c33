"""What the gate looks at: the rows a model was judged on, with what champion and rules say of them."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from standfast.adapters.artifacts import Bundle
from standfast.decision.columns import Floats
from standfast.decision.tiers import TierPolicy, value_cutoffs
from standfast.features.encode import encode
from standfast.features.policy import LabelPolicy
from standfast.pipelines.fit import TrainedTarget
from standfast.pipelines.judge import ChampionWords
from standfast.pipelines.kept_words import kept_words
from standfast.pipelines.scoring import Scorer, revenue_of
from standfast.pipelines.target_rows import TargetRows
from standfast.propensity.criteria import Evidence
from standfast.schema import OBSERVATION_DATE, VALUE_TIERS

RECENCY = ("days_since_last_use", "days_since_last_purchase")
"""What tells how long an account has been silent, the best first."""
DIMENSIONS = ("industry",)
"""Columns whose groups are judged one by one, beside the value tiers."""
MOST_GROUPS = 40
"""A column with more values than that is no dimension."""


def evidence_of(one: TrainedTarget, snapshots: pd.DataFrame, *, tiers: TierPolicy) -> Evidence:
    """Give the rows a model had not seen, as the criteria read them."""
    rows = snapshots.iloc[one.unseen.position]
    revenue = revenue_of(rows).to_numpy(dtype=np.float64)
    return Evidence(
        model=one.word,
        label=one.unseen.label,
        probability=one.probability,
        account=np.unique(one.unseen.groups, return_inverse=True)[1],
        date=_date_numbers(rows),
        revenue=revenue if np.isfinite(revenue).any() else None,
        silent_days=_silent_days(rows),
        parts={"value tier": _value_tiers(revenue, tiers), **_groups(rows)},
    )


def champion_words(
    kept: Sequence[TrainedTarget],
    snapshots: pd.DataFrame,
    *,
    champion: Bundle | None,
    scorer: Scorer | None,
    same_rows: bool,
) -> dict[str, ChampionWords]:
    """Give what the champion says of each target's rows, NaN where it had learned from the row.

    On the same training rows its bundle kept what it said before it saw them; later dates it is asked about.
    A target of which it can say nothing is left out.
    """
    if champion is None or scorer is None:
        return {}
    said = {one.target: _said(one, snapshots, champion, scorer, same_rows=same_rows) for one in kept}
    return {target: words for target, words in said.items() if words is not None}


def _said(
    one: TrainedTarget, snapshots: pd.DataFrame, champion: Bundle, scorer: Scorer, *, same_rows: bool
) -> ChampionWords | None:
    if same_rows:
        kept = kept_words(champion, one.target, position=one.unseen.position)
        return None if kept is None else ChampionWords(kept)
    last = champion.manifest["data"]["last_date"]
    rival = scorer.propensities.get(one.target)
    if rival is None or last is None or one.unseen.dates is None:
        return None
    fresh, is_new = _fresh_rows(one.unseen, pd.Timestamp(last), policy=scorer.settings.label_policy)
    words = np.full(len(fresh), np.nan)
    if fresh.any():
        rows = snapshots.iloc[one.unseen.position[fresh]].reset_index(drop=True)
        words[fresh] = rival.probability(encode(rows, scorer.encoding).matrix)
    return ChampionWords(words, is_new)


def _fresh_rows(
    unseen: TargetRows, last: pd.Timestamp, *, policy: LabelPolicy
) -> tuple[NDArray[np.bool_], bool]:
    """Give rows later than those the champion learned from, and whether what came of them is new to it.

    Preferred are rows whose label windows begin when the last that it learned from has ended, as monitoring
    asks. Where none such have matured, those later than its last date must do.
    """
    if unseen.dates is None:
        return np.zeros(len(unseen.label), dtype=bool), True
    new = (unseen.dates >= policy.new_from(last)).to_numpy()
    if unseen.take(new).has_both_classes:
        return new, True
    return (unseen.dates > last).to_numpy(), False


def _date_numbers(rows: pd.DataFrame) -> NDArray[np.intp]:
    if OBSERVATION_DATE not in rows or rows[OBSERVATION_DATE].isna().any():
        return np.zeros(len(rows), dtype=np.intp)
    return pd.factorize(rows[OBSERVATION_DATE], sort=True)[0].astype(np.intp)


def _silent_days(rows: pd.DataFrame) -> Floats | None:
    told = first_known(rows, RECENCY)
    return (
        None
        if told is None
        else pd.to_numeric(rows[told], errors="coerce").to_numpy(np.float64, na_value=np.nan)
    )


def first_known(rows: pd.DataFrame, names: Sequence[str]) -> str | None:
    """Name the first of these columns that holds anything."""
    return next((name for name in names if name in rows and rows[name].notna().any()), None)


def _value_tiers(revenue: Floats, tiers: TierPolicy) -> NDArray[np.object_]:
    """Put each row in a value tier by what it pays; "" where that is not known."""
    cutoffs = value_cutoffs(revenue, policy=tiers)
    codes = np.select([revenue >= cutoffs.high, revenue >= cutoffs.medium], [0, 1], 2)
    named = np.array(VALUE_TIERS, dtype=object)[codes]
    return np.where(np.isfinite(revenue), named, "")


def _groups(rows: pd.DataFrame) -> dict[str, NDArray[np.object_]]:
    return {
        name: rows[name].astype(object).where(rows[name].notna(), "").astype(str).to_numpy(dtype=object)
        for name in DIMENSIONS
        if name in rows and 1 < rows[name].nunique() <= MOST_GROUPS
    }
