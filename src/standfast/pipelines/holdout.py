"""A plan with a holdout: solved whole, chance leaves some at its margin alone, their hours go to others."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

import pandas as pd

from standfast.decision.columns import flags
from standfast.decision.guards import HELD_OUT as HELD_OUT_CODE
from standfast.decision.guards import REASONS
from standfast.decision.held_out import HeldOut
from standfast.decision.outreach import Plan, outreach_figures
from standfast.decision.plan_policy import PlanPolicy
from standfast.learning.holdout import PLANNED
from standfast.learning.holdout_size import REDUCTION, cycles_needed
from standfast.pipelines.kept_holdout import Arms, Drawing
from standfast.pipelines.look_back import Past
from standfast.schema import ACCOUNT_ID


@dataclass(frozen=True, eq=False)
class HeldBook:
    """Scores with whom the plan leaves alone, and the figures of the plan in which nobody is.

    Parameters
    ----------
    arms
        The arms that hold; None where no holdout is wanted, or no ledger is there to tell.
    whole
        The figures without a holdout; None where nobody is held out.
    """

    scores: pd.DataFrame
    arms: Arms | None = None
    whole: pd.DataFrame | None = None

    def tell(self, planned: Plan, *, currency: str) -> Plan:
        """Give the plan with who is held out until when, and what that costs and teaches."""
        if self.arms is None:
            return planned
        if self.whole is None:
            return _with_notes(planned, self.arms.why_none)
        held = self._figures(planned)
        lines, plain = planned.lines, REASONS[HELD_OUT_CODE]
        until = lines["why"].str.replace(plain, f"{plain}, until {held.until}", regex=False)
        lines = lines.assign(why=lines["why"].where(~lines["held_out"], until))
        noted = _with_notes(planned, *held.sentences(currency, horizon_days=planned.summary.horizon_days))
        return replace(noted, lines=lines, summary=replace(noted.summary, held_out=held))

    def _figures(self, planned: Plan) -> HeldOut:
        arms, whole, summary = self.arms, self.whole, planned.summary
        assert arms is not None and whole is not None  # noqa: S101, PT018  (tell looked)
        rows = arms.rows
        cycle = pd.Timestamp(rows["cycle"].max()).date()
        last = cycle + timedelta(days=int(rows["horizon_days"].max()) - 1)
        n_planned = int((rows["arm"] == PLANNED).sum())
        n_held_out = len(arms.held_out)
        return HeldOut(
            cycle=cycle.isoformat(),
            until=last.isoformat(),
            n_held_out=n_held_out,
            n_planned=n_planned,
            expected_cost=float(whole["expected_value"].sum()) - summary.expected_value,
            conservative_cost=float(whole["conservative_value"].sum()) - summary.conservative_value,
            reduction=REDUCTION,
            n_cycles=cycles_needed(
                float(rows["churn_probability"].mean()), n_held_out=n_held_out, n_planned=n_planned
            ),
        )


def hold_out(
    placed: pd.DataFrame,
    past: Past,
    *,
    policy: PlanPolicy,
    as_of: date | None,
    drawing: Drawing | None = None,
) -> HeldBook:
    """Give placed scores with ``held_out``: as the running cycle has it, or as a new one that begins now.

    Parameters
    ----------
    drawing
        What begins a cycle where none runs; None for a plan that the ledger does not keep.

    Raises
    ------
    StateError
        The ledger cannot be written.
    """
    arms = past.arms
    if arms is None or (arms.rows.empty and drawing is None):
        return HeldBook(placed, arms)
    whole = outreach_figures(placed, policy=policy, as_of=as_of, last_plan=past.last_plan, made=past.made)
    if arms.rows.empty and drawing is not None:
        arms = drawing.draw(placed.assign(**whole))
    if arms.rows.empty:
        return HeldBook(placed, arms)
    is_held = flags(placed, "held_out")[0] | placed[ACCOUNT_ID].astype("str").isin(arms.held_out).to_numpy()
    return HeldBook(placed.assign(held_out=is_held), arms, whole)


def _with_notes(planned: Plan, *notes: str) -> Plan:
    return replace(planned, summary=replace(planned.summary, notes=(*planned.summary.notes, *notes)))
