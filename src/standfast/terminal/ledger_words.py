"""What the commands on the ledger say, for a person."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from standfast.report.wording import count, hours, is_known, money
from standfast.terminal.show import print_lines, print_table

if TYPE_CHECKING:
    from standfast.pipelines.ledger_care import Cared, Erased, Thinned
    from standfast.pipelines.ledger_view import LedgerView
    from standfast.pipelines.record_files import Recording

MOST_NAMED = 5
PLAN_DAYS = 12


def show_recording(recorded: "Recording") -> None:
    """Say what became of the rows."""
    print_lines(
        [
            (
                f"{count(recorded.n_rows)} rows of {recorded.file} = {count(recorded.n_new)} new "
                f"{recorded.kind} + {count(recorded.n_completed)} that were told more of + "
                f"{count(recorded.n_known)} known already + {count(recorded.n_rejected)} rejected"
            ),
            *(f"{reason}: {count(n)}" for reason, n in recorded.reasons.items()),
            *_unknown_words(recorded.unknown_accounts),
        ]
    )


def _unknown_words(accounts: Sequence[str]) -> list[str]:
    """Name accounts that the book does not hold."""
    if not accounts:
        return []
    named = ", ".join(accounts[:MOST_NAMED]) + (", ..." if len(accounts) > MOST_NAMED else "")
    some = "1 account" if len(accounts) == 1 else f"{count(len(accounts))} accounts"
    return [f"careful: the book does not hold {some} ({named}); what is told of them is kept all the same"]


def show_ledger(held: "LedgerView") -> None:
    """Say what the ledger holds."""
    if not held.is_there:
        print_lines([f"there is no ledger {held.place} yet; plan, alerts and record begin it"])
        return
    print_lines([f"ledger {held.place}, book {held.book!r}"])
    _show_plans(held)
    touches, runs = held.touches, held.score_runs
    scored = f", {str(runs['as_of'].min())[:10]} to {str(runs['as_of'].max())[:10]}" if len(runs) else ""
    days = f", {touches.first_day} to {touches.last_day}" if touches.n_touches else ""
    looked = f" (looked for on {held.looked_on})" if held.looked_on else " (nobody has looked for any)"
    print_lines(
        [
            f"runs of scores: {count(len(runs))}{scored}",
            f"overrides that nobody has ended: {count(held.n_overrides)}",
            f"touches: {count(touches.n_touches)} of {count(touches.n_accounts)} accounts{days}",
            f"outcomes: {_counted(held.outcomes)}",
            f"open alerts: {_counted(held.open_alerts)}{looked}",
            *([] if len(held.campaigns) else ["campaigns: none"]),
        ]
    )
    if len(held.experiments):
        columns = ("experiment", "started", "stopped", "newest cycle", "accounts drawn")
        print_table("Experiments", columns, [
            (row["name"], str(row["started_on"])[:10], _day(row["stopped_on"]), _day(row["newest_cycle"]),
             count(row["n_assigned"]))
            for row in held.experiments.to_dict("records")
        ])  # fmt: skip
    if len(held.campaigns):
        print_table("Campaigns", ("campaign", "started", "stopped", "list at work", "accounts"), [
            (row["name"], str(row["started_on"])[:10], _day(row["stopped_on"]), row["open_list"],
             count(row["n_accounts"]))
            for row in held.campaigns.to_dict("records")
        ])  # fmt: skip


def show_backup(told: "Cared") -> None:
    """Say what was written."""
    print_lines([f"{count(told.n_rows)} rows of {told.ledger} written to {told.file}: {_counted(told.rows)}"])


def show_restored(told: "Cared") -> None:
    """Say what was brought back."""
    written = f"{told.file}, written {told.made_at} (UTC)"
    print_lines([f"{count(told.n_rows)} rows of {written}, stand in {told.ledger} again"])


def show_erased(told: "Erased") -> None:
    """Say what is gone, and what is not."""
    print_lines(
        [
            f"erased of the {told.kind} {told.name!r}, in rows: {_counted(told.rows)}",
            f"not reached from here, so see to it yourself: {'; '.join(told.out_of_reach)}",
        ]
    )


def show_thinned(told: "Thinned") -> None:
    """Say what went."""
    if told.before is None:
        print_lines(["the ledger holds no plans and no scores of this book"])
        return
    gone = f"{count(told.n_plans)} plans and {count(told.n_score_runs)} runs of scores"
    print_lines([f"{gone} before {told.before} removed; the newest of each month stay"])


def _show_plans(held: "LedgerView") -> None:
    plans = held.plans.tail(PLAN_DAYS).to_dict("records")
    print_table(
        f"Plans, {len(plans)} of {len(held.plans)} days",
        ("for", "made (UTC)", "times", "accounts", "with hours", "hours",
         f"worth ({held.currency})", "cautiously", "model"),
        [
            (str(row["as_of"])[:10], str(row["made_at"])[:16], count(row["n_made"]), count(row["n_accounts"]),
             count(row["n_planned"] or 0), hours(row["hours"] or 0.0), money(row["expected_value"]),
             money(row["conservative_value"]), row["model_version"] if is_known(row["model_version"]) else "")
            for row in plans
        ],
    )  # fmt: skip


def _counted(numbers: Mapping[str, int]) -> str:
    return ", ".join(f"{count(n)} {name}" for name, n in numbers.items()) or "none"


def _day(value: object) -> str:
    return str(value)[:10] if is_known(value) else ""
