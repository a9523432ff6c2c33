"""How each account stood at each date: a customer who is asked about, or left out and why."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from standfast.errors import InputError
from standfast.features.active import OPEN_END, dated_rows, is_trial_row, known_rows
from standfast.features.activity import activity_days, first_days
from standfast.features.policy import ChurnPolicy, SnapshotPolicy
from standfast.features.windows import KEYS, before_dates, days_since, no_date
from standfast.schema import ACCOUNT_ID, OBSERVATION_DATE

if TYPE_CHECKING:
    import ibis.expr.types as ir

ACTIVE = "active"
GONE = "gone already"
IN_GAP = "between two subscriptions"
IN_TRIAL = "in trial"
NOT_YET = "not a customer yet"
TOO_YOUNG = "too young"


def standing(book: "Mapping[str, ir.Table]", calendar: "ir.Table", *, policy: SnapshotPolicy) -> "ir.Table":
    """Give how each account that had appeared by an observation date t stood, from what was known at t.

    ``state`` is one of the words above; ``first_started_on`` is when it became a customer,
    ``period_started_on`` when its current period began, and ``period_ended_on`` when that ends: the future,
    for labels alone, and empty by inactivity.

    - By subscription, active means that a row that is no trial is in force: started_on <= t < ended_on. Who
      is between two rows is left out, whether or not it comes back: at t nobody knows.
    - By inactivity, that it did something in [t - active_days, t).
    - By column, that started_on of accounts <= t < churned_on; without a start, heard of before t.

    Raises
    ------
    InputError
        The book lacks what the definition looks at.
    """
    churn = policy.churn.settled(book)
    lives = {"subscription": _by_contract, "inactivity": _by_activity, "column": _by_column}
    lived = lives[churn.by or "subscription"](book, calendar, policy)
    accounts = book["accounts"]
    starts = ["started_on"] if "started_on" in accounts.columns else []
    everyone = accounts.select(ACCOUNT_ID, *starts).cross_join(calendar.select(OBSERVATION_DATE))
    joined = everyone.left_join(lived, list(KEYS), rname="{name}_lived")
    if (trials := _trials(book, calendar, churn=churn)) is None:
        joined = joined.mutate(trial_started_on=no_date(), is_in_trial=_no())
    else:
        joined = joined.left_join(trials, list(KEYS), rname="{name}_trial")
    return _with_state(joined, min_tenure_days=churn.min_tenure_days)


def _by_contract(book: "Mapping[str, ir.Table]", calendar: "ir.Table", policy: SnapshotPolicy) -> "ir.Table":
    """Give who had subscribed by each date; periods do not overlap, so the last one begun is the current."""
    if "subscriptions" not in book:
        raise InputError(
            "churn by subscription needs the subscriptions table, which says who was active when; name it: "
            'subscriptions = "..." under [book], or say otherwise with [churn] by = "inactivity"'
        )
    gap_days, trial_plans = policy.allowed_gap_days, policy.churn.trial_plans
    rows = known_rows(book["subscriptions"], allowed_gap_days=gap_days, trial_plans=trial_plans)
    islands = ["island_started_on", "island_ended_on", "period_started_on", "period_ended_on"]
    spells = rows.select(ACCOUNT_ID, *islands).distinct()
    begun = spells.inner_join(calendar, spells.island_started_on <= calendar[OBSERVATION_DATE])
    lived = begun.group_by(list(KEYS)).agg(
        first_started_on=begun.island_started_on.min(),
        period_started_on=begun.period_started_on.max(),
        period_ended_on=begun.period_ended_on.max(),
        ended_on=begun.island_ended_on.max(),
    )
    gone_days = days_since(lived[OBSERVATION_DATE], lived.ended_on)
    return lived.mutate(is_active=gone_days < 0, is_in_gap=gone_days < gap_days).drop("ended_on")


def _by_activity(book: "Mapping[str, ir.Table]", calendar: "ir.Table", policy: SnapshotPolicy) -> "ir.Table":
    seen = before_dates(activity_days(book, churn=policy.churn), calendar, day="day")
    lived = seen.group_by(list(KEYS)).agg(first_started_on=seen.day.min(), last_on=seen.day.max())
    silent_days = days_since(lived[OBSERVATION_DATE], lived.last_on)
    return lived.mutate(
        period_started_on=lived.first_started_on,
        period_ended_on=no_date(),
        is_active=silent_days <= policy.churn.active_days,
        is_in_gap=_no(),
    ).drop("last_on")


def _by_column(
    book: "Mapping[str, ir.Table]",
    calendar: "ir.Table",
    policy: SnapshotPolicy,  # noqa: ARG001  (as its siblings)
) -> "ir.Table":
    """Give who had begun by each date: by its start, or because it was heard of on a day before."""
    accounts = book["accounts"]
    if "churned_on" not in accounts.columns:
        raise InputError(
            'churn by column needs the date churned_on in accounts; map it: churned_on = "your column" under '
            '[columns], or say otherwise with [churn] by = "inactivity"'
        )
    known = accounts.select(
        ACCOUNT_ID,
        started_on=accounts.started_on if "started_on" in accounts.columns else no_date(),
        ended_on=accounts.churned_on.fill_null(OPEN_END),
    )
    if (heard := first_days(book)) is None:
        known = known.mutate(first_heard_on=no_date())
    else:
        known = known.left_join(heard, ACCOUNT_ID).drop(f"{ACCOUNT_ID}_right")
    today = calendar[OBSERVATION_DATE]
    was_heard = known.started_on.isnull() & (known.first_heard_on < today)
    begun = known.inner_join(calendar, (known.started_on <= today) | was_heard)
    since = begun.started_on.fill_null(begun.first_heard_on)
    return begun.select(
        *KEYS,
        first_started_on=since,
        period_started_on=since,
        period_ended_on=begun.ended_on,
        is_active=begun.ended_on > begun[OBSERVATION_DATE],
        is_in_gap=_no(),
    )


def _trials(book: "Mapping[str, ir.Table]", calendar: "ir.Table", *, churn: ChurnPolicy) -> "ir.Table | None":
    """Give who had begun a trial by each date, when, and whether it has nothing but trials in force."""
    if "subscriptions" not in book or not {"is_trial", "plan"} & set(book["subscriptions"].columns):
        return None
    rows = dated_rows(book["subscriptions"])
    rows = rows.select(
        ACCOUNT_ID, "started_on", "ended_on", is_trial=is_trial_row(rows, trial_plans=churn.trial_plans)
    )
    rows = rows.semi_join(rows.filter(rows.is_trial), ACCOUNT_ID)
    begun = rows.inner_join(calendar, rows.started_on <= calendar[OBSERVATION_DATE])
    ends = begun.group_by(list(KEYS)).agg(
        trial_started_on=begun.is_trial.ifelse(begun.started_on, None).min(),
        trial_ended_on=begun.is_trial.ifelse(begun.ended_on, None).max(),
        paid_until=begun.is_trial.ifelse(None, begun.ended_on).max(),
    )
    today = ends[OBSERVATION_DATE]
    on_trial = (ends.trial_ended_on > today).fill_null(False) & ~(ends.paid_until > today).fill_null(False)
    return ends.select(*KEYS, "trial_started_on", is_in_trial=on_trial)


def _with_state(joined: "ir.Table", *, min_tenure_days: int) -> "ir.Table":
    """Name each account's state and settle since when it is a customer.

    An earlier ``started_on`` of accounts counts unless a trial had begun by then: it is the sign-up.
    """
    import ibis  # noqa: PLC0415  (settings import this package and must stay light)

    since, today = joined.first_started_on, joined[OBSERVATION_DATE]
    appeared = since.notnull() | joined.trial_started_on.notnull()
    if "started_on" in joined.columns:
        appeared |= (joined.started_on <= today).fill_null(False)
        others = ibis.least(since, joined.trial_started_on.fill_null(since))
        since = (joined.started_on < others).fill_null(False).ifelse(joined.started_on, since)
    is_active = joined.is_active.fill_null(False)
    state = ibis.cases(
        (joined.is_in_trial.fill_null(False), IN_TRIAL),
        (is_active & (days_since(today, since) < min_tenure_days), TOO_YOUNG),
        (is_active, ACTIVE),
        (joined.first_started_on.isnull(), NOT_YET),
        (joined.is_in_gap.fill_null(False), IN_GAP),
        else_=GONE,
    )
    return joined.filter(appeared).select(
        *KEYS, "period_started_on", "period_ended_on", first_started_on=since, state=state
    )


def _no() -> "ir.BooleanScalar":
    import ibis  # noqa: PLC0415  (settings import this package and must stay light)

    return ibis.literal(value=False)
