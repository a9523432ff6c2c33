"""How the account paid before each date: delays, what is overdue, and charges that failed."""

from typing import TYPE_CHECKING

from standfast.features.windows import KEYS, FeatureTable, before_dates, days_since, exact_units, ratio
from standfast.schema import OBSERVATION_DATE

if TYPE_CHECKING:
    import ibis.expr.types as ir


def payment_features(invoices: "ir.Table", calendar: "ir.Table") -> list[FeatureTable]:
    """Give delay, lateness, what is overdue and failed charges per account and date.

    Invoices without a due date say nothing of this. How often a charge was tried carries no date of its own;
    it counts as known from the day on which the invoice was paid.
    """
    if not {"due_on", "paid_on"} <= set(invoices.columns):
        return []
    issued = before_dates(invoices.filter(invoices.due_on.notnull()), calendar, day="issued_on")
    today, columns = issued[OBSERVATION_DATE], set(invoices.columns)
    was_paid = (issued.paid_on < today).fill_null(False)
    recently = was_paid & (issued.paid_on >= issued.day_180)
    is_overdue = (issued.due_on < today) & ~was_paid
    fell_due = (issued.due_on < today) & (issued.due_on >= issued.day_180)
    was_late = ~was_paid | (issued.paid_on > issued.due_on)
    sums = {
        "delay_days": recently.ifelse(days_since(issued.paid_on, issued.due_on), None).sum(),
        "n_paid": recently.cast("int64").sum(),
        "invoices_overdue": is_overdue.cast("int64").sum(),
        "n_late": (fell_due & was_late).cast("int64").sum(),
        "n_due": fell_due.cast("int64").sum(),
    }
    if "amount" in columns:
        units = exact_units(issued.amount.fill_null(0)).clip(lower=0)
        sums["overdue"] = is_overdue.ifelse(units, 0).sum()
        sums["billed"] = (issued.issued_on >= issued.day_365).ifelse(units, 0).sum()
    if "attempts" in columns:
        failed = (issued.attempts.fill_null(1) - 1).clip(lower=0).cast("int64")
        sums["failed_payments_180d"] = recently.ifelse(failed, 0).sum()
    counts = issued.group_by(list(KEYS)).agg(**sums)
    shares = {
        "payment_delay_days": ratio(counts.delay_days, counts.n_paid),
        "late_share_180d": ratio(counts.n_late, counts.n_due),
    }
    if "amount" in columns:
        shares["overdue_share"] = ratio(counts.overdue, counts.billed)
    zeros = [name for name in ("invoices_overdue", "failed_payments_180d") if name in sums]
    return [FeatureTable(counts.select(*KEYS, *zeros, **shares), zeros=tuple(zeros))]
