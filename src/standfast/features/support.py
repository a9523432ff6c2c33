"""What the account told us before each date: tickets, how they went, and survey answers."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from standfast.features.policy import SnapshotPolicy
from standfast.features.windows import (
    KEYS,
    FeatureTable,
    before_dates,
    days_since,
    exact_units,
    from_units,
    ratio,
)
from standfast.schema import ACCOUNT_ID, OBSERVATION_DATE

if TYPE_CHECKING:
    import ibis.expr.types as ir

NPS_DAYS = 180
"""An answer, or silence when asked, is the account's state for so long."""


def ticket_features(
    tickets: "ir.Table", calendar: "ir.Table", *, policy: SnapshotPolicy
) -> list[FeatureTable]:
    """Give tickets of 30 and 90 days, their change, those still open, escalations, and how they went.

    Priority and escalation carry no date of their own; they count as known from the ticket's opening, and
    reopenings and satisfaction from its closing.
    """
    dated = tickets.mutate(opened_day=tickets.opened_at.cast("date"))
    opened = before_dates(dated, calendar, day="opened_day")
    last_90, last_180 = (opened.opened_day >= opened[f"day_{k}"] for k in (90, 180))
    flags = {"tickets_30d": opened.opened_day >= opened.day_30, "tickets_90d": last_90}
    hidden = {"n_180": last_180}
    if "escalated" in tickets.columns:
        escalated = opened.escalated.fill_null(False)
        flags["escalations_90d"] = last_90 & escalated
        hidden["n_escalated"] = last_180 & escalated
    if "closed_at" in tickets.columns:
        closed = opened.closed_at.cast("date")
        flags["tickets_open"] = closed.isnull() | (closed >= opened[OBSERVATION_DATE])
        if "priority" in tickets.columns:
            is_critical = opened.priority.strip().lower().isin(policy.critical_priorities)
            flags["open_critical"] = flags["tickets_open"] & is_critical.fill_null(False)
    sums = {name: flag.cast("int64").sum() for name, flag in (flags | hidden).items()}
    counts = opened.group_by(list(KEYS)).agg(**sums)
    shares = {"tickets_change_90d": counts.tickets_90d * 2 - counts.n_180}
    if "n_escalated" in hidden:
        shares["escalation_share_180d"] = ratio(counts.n_escalated, counts.n_180)
    zeros = (*flags, "tickets_change_90d")
    parts = [FeatureTable(counts.select(*KEYS, *flags, **shares), zeros=zeros)]
    return [*parts, *_closed(opened, policy=policy)] if "closed_at" in tickets.columns else parts


def survey_features(
    book: "Mapping[str, ir.Table]", calendar: "ir.Table", *, policy: SnapshotPolicy
) -> list[FeatureTable]:
    """Give the last score, the worst of 180 days, the days since the last answer, and who was asked in vain.

    Of two answers at the same time the lower one counts. Silence is missing, never a score.
    """
    surveys = book["surveys"]
    if "score" not in surveys.columns:
        return []
    scored = surveys.filter(surveys.score.notnull())
    answers = scored.group_by([ACCOUNT_ID, "answered_at"]).agg(score=scored.score.min())
    answers = answers.mutate(answered_day=answers.answered_at.cast("date"))
    known = before_dates(answers, calendar, day="answered_day")
    recent = known.answered_day >= known.day_180
    last = known.group_by(list(KEYS)).agg(
        nps_last=known.score.argmax(known.answered_at),
        nps_worst_180d=recent.ifelse(known.score, None).min(),
        answered_day=known.answered_day.max(),
    )
    since = days_since(last[OBSERVATION_DATE], last.answered_day)
    asked = before_dates(_asked(book, policy=policy), calendar, day="asked_on")
    asked = asked.filter(asked.asked_on >= asked.day_180).select(*KEYS).distinct()
    return [
        FeatureTable(last.mutate(days_since_nps=since).drop("answered_day")),
        FeatureTable(asked.mutate(raw_asked=1), zeros=("raw_asked",)),
        *_voices(scored, book, calendar, policy=policy),
    ]


def _voices(
    scored: "ir.Table", book: "Mapping[str, ir.Table]", calendar: "ir.Table", *, policy: SnapshotPolicy
) -> list[FeatureTable]:
    """Give the mean of all answers of 180 days, and the worst one of a decision-maker (S3)."""
    dated = scored.mutate(answered_day=scored.answered_at.cast("date"))
    known = before_dates(dated, calendar, day="answered_day")
    recent = known.filter(known.answered_day >= known.day_180)
    sums = recent.group_by(list(KEYS)).agg(n=recent.count(), units=exact_units(recent.score).sum())
    parts = [FeatureTable(sums.select(*KEYS, nps_mean_180d=ratio(from_units(sums.units), sums.n)))]
    contacts = book.get("contacts")
    if contacts is None or "role" not in contacts.columns or "contact_id" not in scored.columns:
        return parts
    deciders = contacts.filter(contacts.role.strip().lower().isin(policy.sponsor_roles))
    theirs = recent.semi_join(deciders, [ACCOUNT_ID, "contact_id"])
    worst = theirs.group_by(list(KEYS)).agg(nps_worst_sponsor_180d=theirs.score.min())
    return [*parts, FeatureTable(worst)]


def finish_support(known: "Mapping[str, Any]") -> "dict[str, ir.Value]":
    """Give tickets per paid seat and the NPS state: silence when asked is a state of its own (S3)."""
    import ibis  # noqa: PLC0415  (settings import this package and must stay light)

    added: dict[str, ir.Value] = {}
    if {"tickets_90d", "seats"} <= set(known):
        added["tickets_per_seat_90d"] = ratio(known["tickets_90d"], known["seats"])
    if "nps_last" in known:
        answered = known["days_since_nps"] <= NPS_DAYS
        added["nps_state"] = ibis.cases(
            (answered & (known["nps_last"] <= 6), "detractor"),
            (answered & (known["nps_last"] <= 8), "passive"),
            (answered, "promoter"),
            (known["raw_asked"] > 0, "asked, silent"),
            else_="not asked",
        )
    return added


def _closed(opened: "ir.Table", *, policy: SnapshotPolicy) -> list[FeatureTable]:
    """Give the days to close, reopenings and satisfaction of the tickets closed in 180 days."""
    done = opened.mutate(closed_day=opened.closed_at.cast("date"))
    done = done.filter(done.closed_day < done[OBSERVATION_DATE], done.closed_day >= done.day_180)
    sums = {"n": done.count(), "days": days_since(done.closed_day, done.opened_day).clip(lower=0).sum()}
    if "reopens" in done.columns:
        sums["reopened_180d"] = done.reopens.fill_null(0).clip(lower=0).cast("int64").sum()
    if "satisfaction" in done.columns:
        rating = done.satisfaction.strip().lower()
        good = rating.isin(policy.good_ratings).fill_null(False)
        sums["n_good"] = good.cast("int64").sum()
        sums["n_rated"] = (good | rating.isin(policy.bad_ratings).fill_null(False)).cast("int64").sum()
    counts = done.group_by(list(KEYS)).agg(**sums)
    shares = {"days_to_close_180d": ratio(counts.days, counts.n)}
    if "n_rated" in sums:
        shares["satisfaction_180d"] = ratio(counts.n_good, counts.n_rated)
    zeros = ("reopened_180d",) if "reopened_180d" in sums else ()
    return [FeatureTable(counts.select(*KEYS, *zeros, **shares), zeros=zeros)]


def _asked(book: "Mapping[str, ir.Table]", *, policy: SnapshotPolicy) -> "ir.Table":
    """Give whom we asked in vain, as far as the tables tell: survey rows without a score, survey touches."""
    surveys = book["surveys"]
    blank = surveys.filter(surveys.score.isnull())
    asked = blank.select(ACCOUNT_ID, asked_on=blank.answered_at.cast("date"))
    if "touches" not in book or "play" not in book["touches"].columns:
        return asked
    touches = book["touches"]
    sent = touches.filter(touches.play.strip().lower().isin(policy.survey_plays))
    return asked.union(sent.select(ACCOUNT_ID, asked_on=sent.day))
