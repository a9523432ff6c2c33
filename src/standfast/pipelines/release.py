"""A plan in which do-not-disturb is tested: whom chance released may be planned as if they were awake."""

from dataclasses import replace
from datetime import date

import pandas as pd

from standfast.decision.columns import flags
from standfast.decision.outreach import Plan, outreach_figures
from standfast.decision.plan_policy import PlanPolicy
from standfast.pipelines.kept_holdout import Drawing
from standfast.pipelines.kept_release import Released, draw_release, is_tested
from standfast.pipelines.look_back import Past
from standfast.schema import ACCOUNT_ID


def release(
    placed: pd.DataFrame, past: Past, *, policy: PlanPolicy, as_of: date | None, drawing: Drawing | None
) -> tuple[pd.DataFrame, Released | None]:
    """Give placed scores with whom chance ``released``: as the running cycle has it, or one that begins now.

    Both arms stay as they were drawn for the whole cycle. Where evidence drops the rule before it ends, those
    that chance left alone are held out until then, or nothing could be compared.

    Raises
    ------
    StateError
        The ledger cannot be written.
    """
    found, is_rule = past.released, policy.guards.do_not_disturb
    is_new = found is None or found.rows.empty
    if is_new and is_rule and drawing is not None and is_tested(drawing.settings):
        awake = replace(policy, guards=replace(policy.guards, do_not_disturb=False))
        whole = outreach_figures(placed, policy=awake, as_of=as_of, last_plan=past.last_plan, made=past.made)
        found = draw_release(drawing, placed.assign(**whole), guards=policy.guards)
    if found is None or found.rows.empty:
        return placed, found
    ids = placed[ACCOUNT_ID].astype("str")
    placed = placed.assign(released=flags(placed, "released")[0] | ids.isin(found.let_go).to_numpy())
    if not is_rule:
        still = flags(placed, "held_out")[0] | ids.isin(found.spared).to_numpy()
        placed = placed.assign(held_out=still)
    return placed, found


def tell_release(planned: Plan, found: Released | None) -> Plan:
    """Give the plan with who was released from do-not-disturb, and why."""
    if found is None or not found.sentence:
        return planned
    notes = (*planned.summary.notes, found.sentence)
    return replace(planned, summary=replace(planned.summary, notes=notes))
