"""Whom we know at the account before each date: contacts, sponsors, outreach and open opportunities."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from standfast.features.policy import SnapshotPolicy
from standfast.features.windows import KEYS, FeatureTable, before_dates, days_since
from standfast.schema import ACCOUNT_ID, OBSERVATION_DATE

if TYPE_CHECKING:
    import ibis.expr.types as ir


def contact_features(
    book: "Mapping[str, ir.Table]", calendar: "ir.Table", *, policy: SnapshotPolicy
) -> list[FeatureTable]:
    """Give how many people we know, whether a sponsor is there, has left, and whether one was heard of.

    Needs ``joined_on``: a list of today's contacts says nothing about the past, and is left out. A contact
    without a date of joining was there from the start.
    """
    contacts = book["contacts"]
    if "joined_on" not in contacts.columns:
        return []
    known = _known_contacts(contacts, calendar)
    counts = known.group_by(list(KEYS)).agg(n_contacts=known.is_here.cast("int64").sum())
    parts = [FeatureTable(counts, zeros=("n_contacts",))]
    if "role" not in contacts.columns:
        return parts
    sponsors = known.filter(known.role.strip().lower().isin(policy.sponsor_roles))
    parts.append(FeatureTable(_sponsor_state(sponsors), zeros=("has_sponsor", "sponsor_left_90d")))
    if signs := [*_answers(book), *_conversations(book, policy=policy)]:
        heard = signs[0].union(*signs[1:]) if len(signs) > 1 else signs[0]
        parts.append(FeatureTable(_heard_of(sponsors, heard, calendar), zeros=("raw_sponsor_heard",)))
    return parts


def finish_contacts(known: "Mapping[str, Any]") -> "dict[str, ir.Value]":
    """Give ``sponsor_engagement``: 0 no sponsor, 0.5 there but silent, 1 heard of in 90 days."""
    both = known["has_sponsor"] + known["raw_sponsor_heard"]
    return {"sponsor_engagement": both.cast("float64") / 2.0}


def touch_features(touches: "ir.Table", calendar: "ir.Table") -> list[FeatureTable]:
    """Give the touches of 90 days and the days since the last one: recorded, no feature, since causes."""
    made = before_dates(touches, calendar, day="day")
    counts = made.group_by(list(KEYS)).agg(
        touches_90d=(made.day >= made.day_90).cast("int64").sum(), last_day=made.day.max()
    )
    since = days_since(counts[OBSERVATION_DATE], counts.last_day)
    told = counts.mutate(days_since_last_touch=since).drop("last_day")
    return [FeatureTable(told, zeros=("touches_90d",))]


def opportunity_features(opportunities: "ir.Table", calendar: "ir.Table") -> list[FeatureTable]:
    """Give opportunities open and lost; a close date ahead is a plan and does not close it."""
    if "closed_on" not in opportunities.columns:
        return []
    opened = before_dates(opportunities, calendar, day="opened_on")
    was_closed = (opened.closed_on < opened[OBSERVATION_DATE]).fill_null(False)
    flags = {"opportunities_open": ~was_closed}
    if "won" in opportunities.columns:
        recent = was_closed & (opened.closed_on >= opened.day_365)
        flags["opportunities_lost_365d"] = recent & ~opened.won.fill_null(True)
    sums = {name: flag.cast("int64").sum() for name, flag in flags.items()}
    return [FeatureTable(opened.group_by(list(KEYS)).agg(**sums), zeros=tuple(flags))]


def _known_contacts(contacts: "ir.Table", calendar: "ir.Table") -> "ir.Table":
    """Give each contact once per date after it joined, with whether and when it had left."""
    joined = contacts.joined_on.isnull() | (contacts.joined_on < calendar[OBSERVATION_DATE])
    known = contacts.inner_join(calendar, joined)
    if "left_on" not in contacts.columns:
        never = known.joined_on.nullif(known.joined_on)
        return known.mutate(is_here=known[ACCOUNT_ID].notnull(), gone_on=never)
    has_left = (known.left_on < known[OBSERVATION_DATE]).fill_null(False)
    return known.mutate(is_here=~has_left, gone_on=has_left.ifelse(known.left_on, None))


def _sponsor_state(sponsors: "ir.Table") -> "ir.Table":
    """Give whether a sponsor is there and since when, whether one left within 90 days, and how long ago."""
    state = sponsors.group_by(list(KEYS)).agg(
        has_sponsor=sponsors.is_here.cast("int64").max(),
        sponsor_left_90d=(sponsors.gone_on >= sponsors.day_90).fill_null(False).cast("int64").max(),
        gone_on=sponsors.gone_on.max(),
        came_on=sponsors.is_here.ifelse(sponsors.joined_on, None).max(),
    )
    today = state[OBSERVATION_DATE]
    since = {
        "days_since_sponsor_left": days_since(today, state.gone_on),
        "days_since_new_sponsor": days_since(today, state.came_on),
    }
    return state.mutate(**since).drop("gone_on", "came_on")


def _heard_of(sponsors: "ir.Table", heard: "ir.Table", calendar: "ir.Table") -> "ir.Table":
    """Give when a sponsor who is there was last heard of in a year, and whether in the last 90 days."""
    here = sponsors.filter(sponsors.is_here).select(*KEYS, "contact_id")
    recent = before_dates(heard, calendar, day="heard_on")
    recent = recent.filter(recent.heard_on >= recent.day_365).select(
        *KEYS, "contact_id", "heard_on", "day_90"
    )
    signs = here.inner_join(recent, [*KEYS, "contact_id"])
    last = signs.group_by(list(KEYS)).agg(
        raw_sponsor_heard=(signs.heard_on >= signs.day_90).cast("int64").max(), last_day=signs.heard_on.max()
    )
    since = days_since(last[OBSERVATION_DATE], last.last_day)
    return last.mutate(days_since_sponsor_heard=since).drop("last_day")


def _answers(book: "Mapping[str, ir.Table]") -> "list[ir.Table]":
    """Who answered a survey, and when."""
    if "surveys" not in book or "contact_id" not in book["surveys"].columns:
        return []
    answers = book["surveys"]
    if "score" in answers.columns:  # a row without a score is a question nobody answered
        answers = answers.filter(answers.score.notnull())
    return [answers.select(ACCOUNT_ID, "contact_id", heard_on=answers.answered_at.cast("date"))]


def _conversations(book: "Mapping[str, ir.Table]", *, policy: SnapshotPolicy) -> "list[ir.Table]":
    """Who was reached by a touch, and when."""
    if "touches" not in book or not {"contact_id", "outcome"} <= set(book["touches"].columns):
        return []
    touches = book["touches"]
    reached = touches.filter(touches.outcome.strip().lower().isin(policy.reached_outcomes))
    return [reached.select(ACCOUNT_ID, "contact_id", heard_on=reached.day)]
