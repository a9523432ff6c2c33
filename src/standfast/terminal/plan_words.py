"""What a plan amounts to, for a person: hours per owner, what was cut, what rests on assumptions."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from standfast.report.content import PageLimits
from standfast.report.plan_words import one_more_csm_told, sensitivity_told
from standfast.report.tables import cut_rows, owner_rows
from standfast.terminal.show import print_lines, print_table

if TYPE_CHECKING:
    from standfast.decision.outreach import PlanSummary


def show_plan_figures(summary: "PlanSummary", currency: str) -> None:
    """Show capacity beside the plan, what was cut, one more CSM, and how much rests on the response."""
    told: Mapping[str, Any] = asdict(summary)
    owners = owner_rows(told, limits=PageLimits())
    if owners.rows:
        print_table("Hours there are, hours planned", owners.columns, owners.rows)
    if owners.n_more:
        print_lines([f"and {owners.n_more:,} more owners, in --json"])
    cut = cut_rows(told)
    if cut.rows:
        print_table("Cut for want of hours", cut.columns, cut.rows)
    sentences = (one_more_csm_told(told, currency), sensitivity_told(told, currency))
    print_lines([sentence for sentence in sentences if sentence])
