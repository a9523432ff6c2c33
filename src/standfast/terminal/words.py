"""What each command says when it is done, for a person."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from standfast.report.backtest_tables import date_listing as backtest_dates
from standfast.report.backtest_tables import money_listing, place_listing
from standfast.report.backtest_words import backtest_sentences, skipped_lines
from standfast.report.data_view import date_listing, label_lines, left_out_line, table_listing
from standfast.report.forecast_words import forecast_caution, forecast_listing
from standfast.report.wording import count, figure, hours, is_known, money, percent
from standfast.terminal.calendar_words import cadence_lines, fixed_work_lines, next_hour
from standfast.terminal.plan_words import show_plan_figures
from standfast.terminal.show import print_lines, print_table

if TYPE_CHECKING:
    import pandas as pd

    from standfast.decision.matrix import Matrix
    from standfast.decision.outreach import Plan, PlanSummary
    from standfast.pipelines.backtest import Backtest
    from standfast.pipelines.check import CheckSummary
    from standfast.pipelines.explain import Trail
    from standfast.pipelines.init import InitSummary
    from standfast.pipelines.report import ReportSummary
    from standfast.pipelines.run import PlanOutcome, RunOutcome, TrainOutcome
    from standfast.pipelines.sample import SampleSummary
    from standfast.pipelines.score import ScoreSummary
    from standfast.pipelines.snapshots import SnapshotSummary

PLAN_LINES = 10
DATE_LINES = 6


def show_sample(written: "SampleSummary") -> None:
    """Say what the sample book holds and how to go on."""
    print_lines(
        [
            f"wrote {count(written.n_accounts)} accounts, {len(written.files)} files, to {written.folder}",
            f"the book ends on {written.as_of}",
            f"next: standfast run --settings {written.settings}",
        ]
    )


def show_init(guessed: "InitSummary") -> None:
    """Say what was guessed and why."""
    print_lines(
        [
            *guessed.guesses,
            *(f"careful: {warning}" for warning in guessed.warnings),
            f"wrote {guessed.settings}: read it, correct it, then: standfast check",
        ]
    )


def show_check(checked: "CheckSummary") -> None:
    """Say what the data can carry: tables, dates, labels, findings."""
    print_lines([*checked.facts, ""])
    tables, dates = table_listing(checked.tables), date_listing(checked.dates, most=DATE_LINES)
    print_table("Tables", tables.columns, tables.rows)
    if dates.rows:
        print_table("Observation dates", dates.columns, dates.rows)
    print_lines([line for line in (*label_lines(checked.labels), left_out_line(checked.dates)) if line])
    rows = [
        (finding.severity, finding.name, f"{finding.explanation} {finding.way_out}".strip())
        for finding in checked.findings
    ]
    if rows:
        print_table("Findings", ("severity", "finding", "what it means, and the way out"), rows)
    print_lines([checked.verdict])


def show_snapshots(written: "SnapshotSummary") -> None:
    """Say what was written, and about whom nothing is."""
    left_out = {"on these dates": written.left_out_in_all, "now": written.left_out_now}
    print_lines(
        [
            (
                f"wrote {count(written.n_rows)} snapshots of {count(written.n_accounts)} accounts "
                f"on {written.n_dates} dates to {written.output}"
            ),
            *(f"{label}: {events} of {known} known" for label, (events, known) in written.labels.items()),
            *(f"not asked about {when}: {_counted(why)}" for when, why in left_out.items() if why),
        ]
    )


def show_train(outcome: "TrainOutcome") -> None:
    """Say how good the models are and which one stands."""
    _show_models(outcome.summary["models"])
    print_lines([f"note: {note}" for note in outcome.training.notes])
    _show_findings(outcome)
    print_lines(
        [
            f"rows: {_counted(outcome.summary['rows'])}",
            f"{outcome.summary['verdict']}",
            f"champion: {outcome.standing.bundle.version} in {outcome.standing.bundle.folder.parent}",
            "next: standfast score, standfast plan --hours H, standfast report; experiments: make ui",
        ]
    )


def show_score(summary: "ScoreSummary") -> None:
    """Say what became of the rows."""
    print_lines(
        [
            (
                f"{count(summary.rows_in)} rows in = {count(summary.scored)} scored + "
                f"{count(summary.rejected)} rejected (model {summary.model_version})"
            ),
            f"scores: {summary.output}; rejected rows with their reasons: {summary.rejected_file}",
            *(f"note: {note}" for note in summary.notes),
        ]
    )


def show_plan(outcome: "PlanOutcome") -> None:
    """Say what the hours buy, and the first lines of the plan."""
    _show_plan(outcome.plan, outcome.scores, outcome.currency)
    print_lines([f"all {count(outcome.summary['rows'])} lines: {outcome.summary['output']}"])


def show_report(written: "ReportSummary") -> None:
    """Say where the page is."""
    print_lines(
        [f"wrote {written.output} ({count(written.n_accounts)} accounts, model {written.model_version})"]
    )


def show_backtest(replayed: "Backtest") -> None:
    """Say what the past shows: where leavers had stood, the money, every rule, every date."""
    told = replayed.summary
    print_lines([*backtest_sentences(told), *(f"note: {line}" for line in skipped_lines(told)), ""])
    for title, listing in (
        ("Where those who left had stood, by list", place_listing(told)),
        ("What the same hours reach, by list", money_listing(told)),
        ("Churn promised, churn that came", backtest_dates(told)),
    ):
        print_table(title, listing.columns, listing.rows)
    print_lines(
        [
            f"every list, account by account: {told['output']}",
            "in pictures: standfast report; experiments: make ui",
        ]
    )


def show_explain(trail: "Trail") -> None:
    """Tell one account's trail."""
    print_lines(trail.lines)


def show_run(outcome: "RunOutcome") -> None:
    """Say what a leader asks first: the matrix, the top of the plan, how sure it is, where to look next."""
    trained = outcome.trained
    if trained.standing.plan is not None:
        scores = trained.standing.scored.scores
        _show_matrix(scores, trained.matrix, trained.currency)
        _show_plan(trained.standing.plan, scores, trained.currency)
    _show_models(trained.summary["models"])
    if trained.backtest is not None:
        print_lines(["The past replayed:", *backtest_sentences(trained.backtest.summary)])
    print_lines([f"note: {note}" for note in trained.training.notes])
    _show_findings(trained)
    print_lines(
        [
            f"rows: {_counted(trained.summary['rows'])}",
            str(trained.summary["verdict"]),
            f"look next: {outcome.files['report']} in a browser; make ui for the experiments; "
            + "; ".join(path for name, path in outcome.files.items() if name != "report"),
        ]
    )


def _show_matrix(scores: "pd.DataFrame", matrix: "Matrix", currency: str) -> None:
    from standfast.decision.matrix import summarise_matrix  # noqa: PLC0415

    print_table(
        "Risk against reward",
        ("priority", "segment", "cell", "accounts", f"revenue ({currency})", "at risk"),
        [
            (
                row["priority"],
                row["segment"],
                row["cell"],
                count(row["n_accounts"]),
                money(row["annual_revenue"]),
                money(row["revenue_at_risk"]),
            )
            for row in summarise_matrix(scores, matrix=matrix).to_dict("records")
        ],
    )


def _show_plan(plan: "Plan", scores: "pd.DataFrame", currency: str) -> None:
    summary = plan.summary
    lines = plan.lines[plan.lines["hours"] > 0].copy()
    priority = scores.set_index("account_id")["priority"] if "priority" in scores else None
    order = ["expected_value"] if priority is None else ["priority", "expected_value"]
    if priority is not None:
        lines["priority"] = lines["account_id"].map(priority)
    lines = lines.sort_values(order, ascending=[name == "priority" for name in order], kind="stable")
    print_table(
        f"The plan, first {min(PLAN_LINES, len(lines))} of {len(lines)} accounts with hours",
        ("account", "owner", "segment", "hours", f"worth ({currency})", "first by", "why"),
        [_plan_row(row) for row in lines.head(PLAN_LINES).to_dict("records")],
    )
    print_lines(
        [
            (
                f"worth {money(summary.conservative_value, currency)} if outreach saves one leaver in ten, "
                f"{money(summary.expected_value, currency)} as planned (estimates, net of cost)"
            ),
            (
                f"hours: {hours(summary.hours_capacity)} = {hours(summary.hours_fixed)} of fixed work + "
                f"{hours(summary.hours_used)} of outreach + {hours(summary.hours_left)} left"
                + next_hour(summary, currency)
            ),
            *fixed_work_lines(summary.fixed),
            *cadence_lines(summary, currency),
            *(f"note: {note}" for note in summary.notes),
        ]
    )
    show_plan_figures(summary, currency)
    _show_forecast(summary)


def _show_forecast(summary: "PlanSummary") -> None:
    if summary.forecast is None:
        return
    told = asdict(summary.forecast)
    listing = forecast_listing(told)
    print_table(f"Revenue kept over the next {summary.horizon_days} days", listing.columns, listing.rows)
    print_lines([forecast_caution(told)])


def _plan_row(row: Mapping[Any, Any]) -> tuple[Any, ...]:
    return (
        row["account_id"],
        row["owner"] if isinstance(row["owner"], str) else "",
        row["segment"],
        figure(row["hours"], 1),
        money(row["expected_value"]),
        str(row["first_touch_by"])[:10] if is_known(row["first_touch_by"]) else "",
        row["why"],
    )


def _show_models(models: Sequence[Mapping[str, Any]]) -> None:
    print_table(
        "How good the models are, on rows they had not seen",
        (
            "model",
            "kind",
            "AUC",
            "log loss",
            "base rate's",
            "lift in top tenth",
            "grade",
        ),
        [
            (
                f"{model['target']} ({percent(model['base_rate'])})",
                model["rung"],
                _estimate(model["metrics"]["auc"]),
                _estimate(model["metrics"]["log_loss"]),
                figure(model["metrics"]["base_log_loss"]["value"]),
                _estimate(model["metrics"]["lift_at_10"], digits=1),
                model["grade"],
            )
            for model in models
        ],
    )


def _estimate(metric: Mapping[str, float], *, digits: int = 3) -> str:
    value, low, high = (figure(metric[end], digits) for end in ("value", "low", "high"))
    return f"{value} ({low} to {high})"


def _show_findings(outcome: "TrainOutcome") -> None:
    worth_saying = [f for f in outcome.training.findings if f.severity != "note"]
    print_lines([f"{f.severity}: {f.name}: {f.explanation} {f.way_out}".strip() for f in worth_saying])


def _counted(rows: Mapping[str, int]) -> str:
    return "; ".join(f"{name.replace('_', ' ')} {count(number)}" for name, number in rows.items())
