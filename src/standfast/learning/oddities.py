"""What is odd about assignments and the records beside them: counted, named, and what is done about it."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from standfast.learning.done import PERSONAL_CHANNELS, ends_on, touches_within
from standfast.learning.holdout import HELD_OUT

PAST_DAYS = 30
"""So many days before its cycle a touch may still act on an account."""
_MOST_NAMED = 3


@dataclass(frozen=True, kw_only=True)
class Oddity:
    """Something odd: of how many accounts or months, a sentence that says what is done about it."""

    kind: str
    n: int
    sentence: str
    names: tuple[str, ...] = ()


def in_two_tests(assignments: pd.DataFrame) -> tuple[pd.DataFrame, list[Oddity]]:
    """Return the rows without those of an account that was in another arm already when they were drawn.

    Examples
    --------
    >>> rows = pd.DataFrame({"experiment": ["holdout", "calls"], "account_id": "a", "horizon_days": 90,
    ...     "cycle": ["2026-01-05", "2026-02-01"]})
    >>> kept, (odd,) = in_two_tests(rows)
    >>> kept["experiment"].tolist(), odd.n
    (['holdout'], 1)
    """
    ordered = assignments.assign(
        begins_on=pd.to_datetime(assignments["cycle"]), ends_on=ends_on(assignments)
    ).sort_values(["account_id", "begins_on", "experiment"], kind="stable")
    before = ordered.groupby("account_id")["ends_on"].transform(lambda ends: ends.cummax().shift())
    overlaps = (before > ordered["begins_on"]).reindex(assignments.index)
    twice = assignments[overlaps]
    odd = _odd(
        "two tests", twice["account_id"],
        "{n} {accounts} in an arm already when another test drew {them}, such as {names}; {they} {count} in "
        "the first alone",
        ("account was", "it", "it", "counts"), ("accounts were", "them", "they", "count"),
    )  # fmt: skip
    return assignments[~overlaps], odd


def held_out_contacted(
    assignments: pd.DataFrame, touches: pd.DataFrame, *, fixed_plays: Sequence[str]
) -> list[Oddity]:
    """Return which held-out accounts a person contacted otherwise than for fixed work."""
    held = assignments[assignments["arm"] == HELD_OUT].reset_index(drop=True)
    is_fixed = touches["play"].astype("str").isin(list(fixed_plays))
    personal = touches["channel"].isin(PERSONAL_CHANNELS)
    met = touches_within(held, touches[personal & ~is_fixed])
    return _odd(
        "held out, contacted", held.loc[met["row"].unique(), "account_id"],
        "{n} held-out {accounts} contacted all the same, such as {names}; {they} {count} as held out, since "
        "chance chose {them}, and as contacted where it is asked what contact does",
        ("account was", "it", "it", "counts"), ("accounts were", "them", "they", "count"),
    )  # fmt: skip


def touched_before(assignments: pd.DataFrame, touches: pd.DataFrame) -> list[Oddity]:
    """Return which accounts a person contacted shortly before they were drawn."""
    cycle = pd.to_datetime(assignments["cycle"])
    earlier = assignments.assign(
        cycle=cycle - pd.Timedelta(days=PAST_DAYS), horizon_days=PAST_DAYS
    ).reset_index(drop=True)
    personal = touches[touches["channel"].isin(PERSONAL_CHANNELS)]
    met = touches_within(earlier, personal)
    return _odd(
        "touched before", earlier.loc[met["row"].unique(), "account_id"],
        f"{{n}} {{accounts}} contacted in the {PAST_DAYS} days before the draw, such as {{names}}; "
        "touches of then are counted in no arm",
        ("account was", "it", "it", "counts"), ("accounts were", "them", "they", "count"),
    )  # fmt: skip


def not_recorded(rows: pd.DataFrame) -> list[Oddity]:
    """Return of how many accounts nothing is known, since nobody recorded anything of their owner's."""
    silent = rows[~rows["is_recorded"].astype(bool)]
    if silent.empty:
        return []
    names = _named(silent["owner"].fillna("nobody"))
    return [
        Oddity(
            kind="not recorded",
            n=len(silent),
            sentence=f"nothing was recorded for any account of {', '.join(names)} from the draw on: what was "
            f"done for {len(silent):,} accounts is not known, which is not nothing",
            names=names,
        )
    ]


def outcomes_missing(lost: pd.DataFrame, *, way: str) -> list[Oddity]:
    """Return that nobody knows what came of these accounts, whose time is over, and the way out."""
    if lost.empty:
        return []
    names = _named(lost["account_id"])
    return [
        Oddity(
            kind="outcome missing",
            n=len(lost),
            sentence=f"of {len(lost):,} accounts whose time is over nobody knows what came, such as "
            f"{', '.join(names)}; they count in no comparison: {way}",
            names=names,
        )
    ]


def without_a_plan(records: pd.DataFrame, planned: pd.DataFrame, *, what: str) -> list[Oddity]:
    """Return which records are of accounts that no plan of the book knows, or of days before the first plan.

    Parameters
    ----------
    records
        ``account_id`` and ``day``.
    planned
        ``account_id`` and ``first_planned_on``.
    what
        What they are called: touches, outcomes.
    """
    ids = records["account_id"].astype("str")
    known = records.assign(account_id=ids).merge(
        planned.astype({"account_id": "str"}), on="account_id", how="left"
    )
    first = pd.to_datetime(known["first_planned_on"])
    lost = known[first.isna() | (pd.to_datetime(known["day"]) < first)]
    if lost.empty:
        return []
    names = _named(lost["account_id"])
    return [
        Oddity(
            kind=f"{what} without a plan",
            n=len(lost),
            sentence=f"{len(lost):,} recorded {what} are of accounts or days without a plan, such as "
            f"{', '.join(names)}; they stay in the ledger and are compared with nothing",
            names=names,
        )
    ]


def months_missing(assignments: pd.DataFrame, touches: pd.DataFrame, *, until: str) -> list[Oddity]:
    """Return in which whole months, up to the day ``until``, nobody of an owner's recorded anything.

    An owner who recorded nothing at all is among those not recorded, and is not told again here.
    """
    last = pd.Timestamp(until)
    spans = pd.DataFrame(
        {
            "owner": assignments["owner"].fillna("").astype("str"),
            "begins_on": pd.to_datetime(assignments["cycle"]),
            "ends_on": ends_on(assignments).where(lambda ends: ends < last, last),
        }
    ).drop_duplicates()
    days = pd.DataFrame(
        {"owner": touches["owner"].fillna("").astype("str"), "day": pd.to_datetime(touches["day"])}
    ).drop_duplicates()
    met = spans.merge(days, on="owner")
    met = met[(met["day"] >= met["begins_on"]) & (met["day"] < met["ends_on"])]
    there = met.assign(month=met["day"].dt.to_period("M"))[["owner", "month"]].drop_duplicates()
    asked = _months(spans[spans["owner"].isin(there["owner"])])
    told = asked.merge(there.assign(is_there=True), on=["owner", "month"], how="left")
    missing = told[told["is_there"].isna()].sort_values(["month", "owner"], kind="stable")
    if missing.empty:
        return []
    names = tuple(
        f"{owner or 'nobody'} in {month}"
        for owner, month in missing[["owner", "month"]].head(_MOST_NAMED).itertuples(index=False)
    )
    return [
        Oddity(
            kind="month missing",
            n=len(missing),
            sentence=f"nothing was recorded in {len(missing):,} months of owners, such as "
            f"{', '.join(names)}; what was done then is not known, and counts of touches lean low",
            names=names,
        )
    ]


def _months(spans: pd.DataFrame) -> pd.DataFrame:
    """Return each owner's calendar months that lie wholly within one of the spans."""
    first = (spans["begins_on"] + pd.offsets.MonthBegin(0)).dt.to_period("M")
    last = spans["ends_on"].dt.to_period("M") - 1
    every = pd.period_range(first.min(), last.max(), freq="M") if len(spans) else pd.PeriodIndex([], freq="M")
    rows = spans.assign(first=first, last=last).merge(pd.DataFrame({"month": every}), how="cross")
    inside = rows[(rows["month"] >= rows["first"]) & (rows["month"] <= rows["last"])]
    return inside[["owner", "month"]].drop_duplicates()


def _odd(
    kind: str, accounts: pd.Series, sentence: str, one: tuple[str, ...], more: tuple[str, ...]
) -> list[Oddity]:
    ids = accounts.astype("str").drop_duplicates()
    if ids.empty:
        return []
    names = _named(ids)
    words = dict(zip(("accounts", "them", "they", "count"), one if len(ids) == 1 else more, strict=True))
    said = sentence.format(n=f"{len(ids):,}", names=", ".join(names), **words)
    return [Oddity(kind=kind, n=len(ids), sentence=said, names=names)]


def _named(ids: pd.Series) -> tuple[str, ...]:
    return tuple(sorted(ids.astype("str").unique())[:_MOST_NAMED])
