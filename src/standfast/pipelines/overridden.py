"""Scores with what persons say in place of the model, as of the day of a plan (U3); both values are kept."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

import pandas as pd

from standfast.adapters.ledger_overrides import FIELDS, all_overrides, expired_overrides, overrides_on
from standfast.decision.outreach import Plan
from standfast.decision.overrides import (
    OVERRIDDEN_PROBABILITIES,
    override_places,
    override_probabilities,
)
from standfast.decision.tiers import mean_churn
from standfast.pipelines.book_ledger import reading_ledger
from standfast.pipelines.kept_plans import day_of_plan
from standfast.pipelines.observe import ObservedBook
from standfast.pipelines.place import PLACED, Yardsticks, learn_yardsticks, place_if_needed, place_scores
from standfast.pipelines.scoring import Scorer, score_rows
from standfast.schema import ACCOUNT_ID
from standfast.settings import Settings

MOST_NAMED = 5
_MONEY = ("upsell_value", "revenue_at_risk", "expected_upsell")
UNDATED = (
    "overrides are not used: there is no date to know which of them stand; give --as-of, or scores with "
    "an observation_date"
)


@dataclass(frozen=True, eq=False)
class Overridden:
    """Scores as a plan reads them, and what persons said otherwise.

    Parameters
    ----------
    model
        The scores as the model gave them.
    standing
        One row per word that is used: ``account_id``, ``field``, ``value``, ``model_now``, ``reason``,
        ``until``, ``made_by``.
    notes
        What is not used, and why.
    """

    scores: pd.DataFrame
    model: pd.DataFrame
    standing: pd.DataFrame = field(default_factory=pd.DataFrame)
    notes: tuple[str, ...] = ()

    def tell(self, planned: Plan) -> Plan:
        """Give the plan with who overrode what in ``why``, and what was not used in the notes."""
        lines, words = planned.lines, self.words
        if len(words):
            said = lines[ACCOUNT_ID].astype("str").map(words)
            lines = lines.assign(why=lines["why"].where(said.isna(), lines["why"] + "; " + said.fillna("")))
        summary = replace(planned.summary, notes=(*planned.summary.notes, *self.notes))
        return replace(planned, lines=lines, summary=summary)

    def of(self, account: str) -> list[Mapping[str, Any]]:
        """Give what is said of one account, as plain values."""
        if self.standing.empty:
            return []
        mine = self.standing[self.standing[ACCOUNT_ID] == account]
        return [{str(name): value for name, value in row.items()} for row in mine.to_dict("records")]

    @property
    def words(self) -> pd.Series:
        """What to say of each account that was overridden, by its id."""
        if self.standing.empty:
            return pd.Series(dtype="str")
        said = self.standing.assign(words=[_words(row) for row in self.standing.to_dict("records")])
        words: pd.Series = said.groupby(ACCOUNT_ID, sort=False)["words"].agg("; ".join)
        return words


def score_as_persons_say(observed: ObservedBook, scorer: Scorer, *, settings: Settings) -> Overridden:
    """Give the scores of a book that is observed, with what persons say instead, as a plan would read them.

    Raises
    ------
    StateError
        The ledger cannot be read.
    """
    scores = score_rows(observed.current, scorer=scorer).scores
    day = day_of_plan(scores, as_of=observed.as_of)
    return apply_overrides(scores, settings=settings, day=day, yardsticks=scorer.yardsticks)


def apply_overrides(
    scores: pd.DataFrame, *, settings: Settings, day: date | None, yardsticks: Yardsticks | None = None
) -> Overridden:
    """Give the scores with what persons say that stands on a day; others' rows stay as they are.

    Parameters
    ----------
    yardsticks
        What the tiers are measured against; those of the scores themselves where None.

    Raises
    ------
    StateError
        The ledger cannot be read.
    """
    with reading_ledger(settings) as ledger:
        if ledger is None:
            return Overridden(scores, scores)
        if day is None:
            open_ones = all_overrides(ledger)["ended_at"].isna().any()
            return Overridden(scores, scores, notes=(UNDATED,) if open_ones else ())
        standing = overrides_on(ledger, day)
        since = day - timedelta(days=settings.horizon.horizon_days)
        expired = expired_overrides(ledger, day, since=since)
    notes = [*_named(expired, "expired on {until:%Y-%m-%d} and is not used; make it anew if it still holds")]
    is_here = standing[ACCOUNT_ID].isin(scores[ACCOUNT_ID].astype("str"))
    notes += _named(standing[~is_here], "is of no account scored, and not used")
    is_known = ~standing["field"].isin(["segment", "cell"]) | standing["value"].isin(_names(settings))
    notes += _named(standing[is_here & ~is_known], "names no cell of the matrix of these settings; not used")
    used = standing[is_here & is_known].sort_values("override_id", ignore_index=True)
    if used.empty:
        return Overridden(scores, scores, notes=tuple(notes))
    placed = place_if_needed(scores, settings=settings)
    notes.append(_used(used[ACCOUNT_ID].unique().tolist()))
    changed = _placed_anew(placed, used, yardsticks or _own(placed, settings), settings=settings)
    return Overridden(changed, scores, _with_model(used, placed), tuple(notes))


def _placed_anew(
    scores: pd.DataFrame, used: pd.DataFrame, yardsticks: Yardsticks, *, settings: Settings
) -> pd.DataFrame:
    """Change what persons say, and place those accounts by it, and no others."""
    changed = override_probabilities(scores, used)
    told = used.loc[used["field"].isin(OVERRIDDEN_PROBABILITIES), ACCOUNT_ID]
    mine = changed[ACCOUNT_ID].astype("str").isin(told)
    anew = place_scores(
        changed[mine],
        yardsticks=yardsticks,
        economics=settings.economics,
        tiers=settings.tiers,
        matrix=settings.built_matrix,
    )
    columns = [name for name in (*_MONEY, *PLACED) if name in changed]
    rows = {name: changed[name].where(~mine, anew[name].reindex(changed.index)) for name in columns}
    return override_places(changed.assign(**rows), used, matrix=settings.built_matrix)


def _own(scores: pd.DataFrame, settings: Settings) -> Yardsticks:
    """Give the yardsticks of the scores themselves, as the model gave them."""
    known = scores["churn_probability"].notna().any()
    return learn_yardsticks(
        scores,
        base_rate=mean_churn(scores) if known else None,
        economics=settings.economics,
        tiers=settings.tiers,
    )


def _with_model(used: pd.DataFrame, scores: pd.DataFrame) -> pd.DataFrame:
    """Give what is used with what the model says now, beside what it said when the override was made."""
    by_account = scores.set_index(scores[ACCOUNT_ID].astype("str"))
    now = pd.Series(index=used.index, dtype=object)
    for name in FIELDS:
        rows = used["field"] == name
        now[rows] = used.loc[rows, ACCOUNT_ID].map(by_account[name].astype(object))
    return used.assign(model_now=now)


def _names(settings: Settings) -> list[str]:
    return [*settings.built_matrix.cell_names, *settings.built_matrix.segments]


def _used(accounts: list[str]) -> str:
    """Say of whom a person's word is used."""
    named = ", ".join(accounts[:MOST_NAMED]) + (", ..." if len(accounts) > MOST_NAMED else "")
    return f"{len(accounts):,} taken as a person says in place of the model: {named}"


def _named(overrides: pd.DataFrame, what: str) -> list[str]:
    """Say what is wrong with overrides, the first of them by name."""
    said = [
        f"the override of {row['account_id']} by {row['made_by']} ({row['field']} {row['value']}) "
        f"{what.format(until=row['until'])}"
        for row in overrides.head(MOST_NAMED).to_dict("records")
    ]
    return [*said, *([f"... and {len(overrides) - MOST_NAMED} more"] if len(overrides) > MOST_NAMED else [])]


def _words(row: Mapping[Any, Any]) -> str:
    model = _value(row["field"], row["model_now"])
    return (
        f"{row['made_by']} set {row['field']} to {_value(row['field'], row['value'])} until "
        f"{row['until']:%Y-%m-%d} (the model says {model}): {row['reason']}"
    )


def _value(name: str, value: Any) -> str:
    if pd.isna(value):
        return "nothing"
    if name in OVERRIDDEN_PROBABILITIES:
        return f"{100 * float(value):.1f}".removesuffix(".0") + " %"
    return str(value)
