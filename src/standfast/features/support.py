"""What the account told us before each date: tickets and survey answers."""

from typing import TYPE_CHECKING

from standfast.features.policy import SnapshotPolicy
from standfast.features.windows import KEYS, FeatureTable, before_dates, days_since
from standfast.schema import ACCOUNT_ID, OBSERVATION_DATE

if TYPE_CHECKING:
    import ibis.expr.types as ir


def ticket_features(
    tickets: "ir.Table", calendar: "ir.Table", *, policy: SnapshotPolicy
) -> list[FeatureTable]:
    """Give tickets of the last 30 and 90 days, those still open, escalations and open critical ones.

    Priority and escalation carry no date of their own; they count as known from the ticket's opening.
    """
    dated = tickets.mutate(opened_day=tickets.opened_at.cast("date"))
    opened = before_dates(dated, calendar, day="opened_day")
    last_90 = opened.opened_day >= opened.day_90
    flags = {"tickets_30d": opened.opened_day >= opened.day_30, "tickets_90d": last_90}
    if "escalated" in tickets.columns:
        flags["escalations_90d"] = last_90 & opened.escalated.fill_null(False)
    if "closed_at" in tickets.columns:
        closed = opened.closed_at.cast("date")
        flags["tickets_open"] = closed.isnull() | (closed >= opened[OBSERVATION_DATE])
        if "priority" in tickets.columns:
            is_critical = opened.priority.strip().lower().isin(policy.critical_priorities)
            flags["open_critical"] = flags["tickets_open"] & is_critical.fill_null(False)
    sums = {name: flag.cast("int64").sum() for name, flag in flags.items()}
    return [FeatureTable(opened.group_by(list(KEYS)).agg(**sums), zeros=tuple(flags))]


def survey_features(surveys: "ir.Table", calendar: "ir.Table") -> list[FeatureTable]:
    """Give the last score, the worst of 180 days and the days since the last answer; silence is missing.

    Of two answers at the same time the lower one counts.
    """
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
    return [FeatureTable(last.mutate(days_since_nps=since).drop("answered_day"))]
