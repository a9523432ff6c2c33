"""What ``standfast segments`` and ``standfast belief`` say, for a person."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from standfast.report.wording import count, figure, is_known, money, percent
from standfast.terminal.show import print_lines, print_table

if TYPE_CHECKING:
    from standfast.decision.verdicts import Judged
    from standfast.pipelines.belief import BeliefsTested
    from standfast.pipelines.segments import Segmentation

CAUTION = "a difference is one under past practice and no cause: those accounts may differ in other ways, too"


def show_segments(found: "Segmentation") -> None:
    """Say who is in which segment, what that is worth, and which dimensions tell anything."""
    _show_cells(found)
    named = [row for row in found.named.to_dict("records") if row["is_told"]]
    print_table(
        f"Named segments of {count(len(found.frame))} accounts (they overlap; means within "
        f"{found.horizon_days} days; LTV per account)",
        ("segment", "kind", "accounts", "unknown", *_figures(found.currency)),
        [(row["segment"], row["kind"], count(row["n_accounts"]), count(row["n_unknown"]), *_row(row))
         for row in named],
    )  # fmt: skip
    print_table(
        "What they mean and what to say",
        ("segment", "meaning", "message"),
        [(row["segment"], row["meaning"], row["message"]) for row in named if row["n_accounts"]],
    )
    for name, table in found.by_dimension.items():
        groups = table.to_dict("records")
        print_table(
            f"By {name}",
            ("group", "accounts", *_figures(found.currency)),
            [(row["group"], count(row["n_accounts"]), *_row(row)) for row in groups],
        )
    _show_tests(found.tests)
    print_lines([*found.concentration.sentences, *(f"note: {note}" for note in found.notes)])
    if found.output:
        print_lines([f"who is where, and why: {found.output}"])


def _show_cells(found: "Segmentation") -> None:
    """Say what an account of each segment of the matrix is worth, and what may be spent to win one (R6)."""
    rows = found.cells.to_dict("records")
    knows_cost = "ltv_to_cac" in found.cells
    print_table(
        "Segments of the matrix (lifetime value per account, five years at most)",
        ("segment", "accounts", f"revenue ({found.currency})", "may leave", "lifetime value",
         "allowed cost to win", *(("LTV:CAC", "advice") if knows_cost else ())),
        [
            (row["segment"], count(row["n_accounts"]), money(row["annual_revenue"]),
             percent(row["churn_probability"]), money(row["lifetime_value"]),
             money(row["allowed_acquisition_cost"]), *(_ratio(row) if knows_cost else ()))
            for row in rows
        ],
    )  # fmt: skip


def _ratio(row: Any) -> tuple[str, str]:
    return figure(row["ltv_to_cac"], 1), "deprioritise winning more" if row["is_deprioritised"] else ""


def show_beliefs(tested: "BeliefsTested") -> None:
    """Say of each belief what the book says to it."""
    for belief in tested.tested:
        print_table(
            belief.name,
            ("it holds", "accounts", f"of them {tested.outcome}", "rows", "rate", "from", "to"),
            [
                (rate.group, count(rate.n_accounts), count(rate.n_events), count(rate.n_rows),
                 percent(rate.rate), percent(rate.low), percent(rate.high))
                for rate in belief.comparison.rates
            ],
        )  # fmt: skip
        print_lines(
            [f"{belief.verdict}: {belief.effect}; p = {_p(belief.adjusted_p)}{_corrected(belief)}", ""]
        )
    dates = "1 date" if tested.n_dates == 1 else f"{tested.n_dates} dates"
    print_lines(
        [
            (
                f"rates are per account and date ({dates}), within {tested.horizon_days} days; intervals "
                f"({percent(tested.confidence)}) and tests are over accounts"
            ),
            CAUTION,
        ]
    )


def _show_tests(tests: Sequence["Judged"]) -> None:
    if not tests:
        return
    print_table(
        f"Which dimensions tell what happened apart (p corrected for {tests[0].n_tried} tried)",
        ("dimension", "outcome", "groups", "p", "verdict", "what stands out"),
        [
            (test.name, test.comparison.outcome, len(test.comparison.rates), _p(test.adjusted_p),
             test.verdict, test.effect)
            for test in sorted(tests, key=_surest_first)
        ],
    )  # fmt: skip
    print_lines([CAUTION])


def _surest_first(test: "Judged") -> tuple[str, float]:
    return test.comparison.outcome, test.adjusted_p if is_known(test.adjusted_p) else 2.0


def _corrected(belief: "Judged") -> str:
    return f", corrected for {belief.n_tried} tried" if belief.n_tried > 1 else ""


def _figures(currency: str) -> tuple[str, ...]:
    return (f"revenue ({currency})", "share", "may leave", "may buy more", f"at risk ({currency})", "LTV")


def _row(row: Any) -> tuple[str, ...]:
    return (
        money(row["annual_revenue"]),
        percent(row["revenue_share"]),
        percent(row["churn_probability"]),
        percent(row["upsell_probability"]),
        money(row["revenue_at_risk"]),
        money(row["lifetime_value"]),
    )


def _p(value: float) -> str:
    if not is_known(value):
        return "unknown"
    return "<0.001" if value < 0.001 else f"{value:.3f}"
