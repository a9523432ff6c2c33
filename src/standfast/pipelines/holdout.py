"""A plan with a holdout: solved whole, chance leaves some at its margin alone, their hours go to others."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

import pandas as pd

from standfast.decision.cadence_plan import cadence_worth
from standfast.decision.columns import flags
from standfast.decision.guards import HELD_OUT as HELD_OUT_CODE
from standfast.decision.guards import REASONS
from standfast.decision.held_out import HeldOut
from standfast.decision.outreach import Plan, outreach_figures
from standfast.decision.plan_policy import PlanPolicy
from standfast.decision.summary import PlanSummary
from standfast.learning.experiment_policy import ExperimentPolicy
from standfast.learning.holdout import CHANCE_WANTED, HELD_OUT
from standfast.learning.holdout_size import cycles_needed
from standfast.pipelines.kept_holdout import Arms, Drawing
from standfast.pipelines.known_at_draw import known_of
from standfast.pipelines.look_back import Past
from standfast.schema import ACCOUNT_ID


@dataclass(frozen=True, eq=False)
class HeldBook:
    """Scores with whom the plan leaves alone, and the figures of the plan in which nobody is.

    Parameters
    ----------
    arms
        The arms that hold; None where no holdout is wanted, or no ledger is there to tell.
    worth
        What the plan is worth with nobody held out, expected and conservative; None where nobody is.
    """

    scores: pd.DataFrame
    arms: Arms | None = None
    worth: tuple[float, float] | None = None

    def tell(self, planned: Plan, *, currency: str, wanted: ExperimentPolicy, most_cost: float) -> Plan:
        """Give the plan with who is held out until when, what that costs, and when it teaches."""
        if self.arms is None:
            return planned
        if self.worth is None:
            return _with_notes(planned, self.arms.why_none)
        held = _figures(self.arms, self.worth, planned.summary, wanted, most_cost=most_cost)
        lines, plain = planned.lines, REASONS[HELD_OUT_CODE]
        until = lines["why"].str.replace(plain, f"{plain}, until {held.until}", regex=False)
        lines = lines.assign(why=lines["why"].where(~lines["held_out"], until))
        noted = _with_notes(planned, *held.sentences(currency, horizon_days=planned.summary.horizon_days))
        return replace(noted, lines=lines, summary=replace(noted.summary, held_out=held))


def hold_out(
    placed: pd.DataFrame,
    past: Past,
    *,
    policy: PlanPolicy,
    as_of: date | None,
    by: str = "value",
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
    if by == "cadence":
        return _held(placed, arms, cadence_worth(placed, policy=policy, as_of=as_of))
    whole = outreach_figures(placed, policy=policy, as_of=as_of, last_plan=past.last_plan, made=past.made)
    if arms.rows.empty and drawing is not None:
        arms = drawing.draw(placed.assign(**whole))
    worth = float(whole["expected_value"].sum()), float(whole["conservative_value"].sum())
    return _held(placed, arms, worth)


def _held(placed: pd.DataFrame, arms: Arms, worth: tuple[float, float]) -> HeldBook:
    """Give the scores with whom the arms hold out; arms of other accounts alone hold nobody out."""
    ids = placed[ACCOUNT_ID].astype("str")
    if not ids.isin(arms.rows[ACCOUNT_ID]).any():
        return HeldBook(placed, replace(arms, rows=arms.rows.iloc[:0]))
    is_held = flags(placed, "held_out")[0] | ids.isin(arms.held_out).to_numpy()
    return HeldBook(placed.assign(held_out=is_held), arms, worth)


def _figures(
    arms: Arms,
    worth: tuple[float, float],
    summary: PlanSummary,
    wanted: ExperimentPolicy,
    *,
    most_cost: float,
) -> HeldOut:
    rows = arms.rows
    cycle = pd.Timestamp(rows["cycle"].max()).date()
    last = cycle + timedelta(days=int(rows["horizon_days"].max()) - 1)
    n_held_out = len(arms.held_out)
    n_planned = len(rows) - n_held_out
    lost = worth[0] - summary.expected_value
    return HeldOut(
        cycle=cycle.isoformat(),
        until=last.isoformat(),
        n_held_out=n_held_out,
        n_planned=n_planned,
        expected_cost=lost,
        conservative_cost=worth[1] - summary.conservative_value,
        cost_share=lost / worth[0] if worth[0] > 0 else 0.0,
        reduction=wanted.relative_reduction,
        n_cycles=cycles_needed(
            float(rows["churn_probability"].mean()), n_held_out=n_held_out, n_planned=n_planned, policy=wanted
        ),
        power=wanted.power,
        n_wanted=_n_wanted(rows),
        most_cost=most_cost,
    )


def _n_wanted(rows: pd.DataFrame) -> int | None:
    """Give how many would be held out if cost were no matter; None where as many are."""
    wanted, chosen = known_of(rows, CHANCE_WANTED), rows["arm_probability"]
    chosen = chosen.where(rows["arm"] == HELD_OUT, 1 - chosen)
    fewer = wanted.notna().all() and float((wanted - chosen).sum()) >= 0.5
    return round(float(wanted.sum())) if fewer else None


def _with_notes(planned: Plan, *notes: str) -> Plan:
    return replace(planned, summary=replace(planned.summary, notes=(*planned.summary.notes, *notes)))
