"""What the holdout has taught of outreach, and plans that are made by it."""

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from standfast.adapters.ledger_assignments import read_assignments
from standfast.decision.effects import EXPAND_EFFECT, SAVE_EFFECT
from standfast.decision.guards import Guards, signs_of_sleep
from standfast.decision.outreach import Plan, outreach_figures
from standfast.decision.plan_policy import PlanPolicy
from standfast.decision.response import CHANNELS, Response, dose, dose_slopes, fatigue
from standfast.decision.response_used import ResponseUsed, compare_responses
from standfast.learning.response import LearnedResponse, account_effects, learn_response
from standfast.learning.response_design import Believed
from standfast.learning.response_rows import Doses
from standfast.learning.sleepers import DROPPED, SIGNS, WIDENED
from standfast.pipelines.assignments import assigned_accounts
from standfast.pipelines.book_ledger import reading_ledger
from standfast.schema import ACCOUNT_ID
from standfast.settings import Settings

INDIVIDUAL = "account by account"
"""What the stage of a plan says beside where effects on churn differ by account."""

if TYPE_CHECKING:
    from standfast.pipelines.look_back import Past


def learn_from(assignments: pd.DataFrame, *, settings: Settings) -> LearnedResponse:
    """Give the response that what chance assigned teaches; with no rows the default, exactly.

    Parameters
    ----------
    assignments
        Rows of ASSIGNMENT_COLUMNS with what came of them; columns beside them may be modifiers, and
        ``signs_of_sleep`` says how many signs of do-not-disturb an account had when it was drawn.
    """
    response = settings.response
    return learn_response(
        assignments,
        bundle_doses(assignments, response=response),
        believed=Believed(save_effect=response.save_effect, expand_effect=response.expand_effect),
        policy=settings.learning,
        least_signs=settings.guards.least_signs,
    )


def learned_before(settings: Settings, *, day: date) -> LearnedResponse | None:
    """Give what the ledger's assignments teach a plan of a day; None where none have matured, or are wanted.

    Raises
    ------
    InputError
        The book's tables, which outcomes are read from, cannot be read.
    StateError
        The ledger cannot be read.
    """
    if not settings.learning.use_learned or not _anything_matured(settings, day):
        return None
    return learn_from(assigned_accounts(settings, as_of=day).rows, settings=settings)


def _anything_matured(settings: Settings, day: date) -> bool:
    """Say whether anything can have been learned by a day; until then the book need not be read for it."""
    with reading_ledger(settings) as ledger:
        drawn = pd.DataFrame({"cycle": []}) if ledger is None else read_assignments(ledger)
    over = pd.to_datetime(drawn["cycle"]) + pd.Timedelta(days=settings.label_policy.maturity_days)
    return bool((over <= pd.Timestamp(day)).any())


def bundle_doses(assignments: pd.DataFrame, *, response: Response) -> Doses:
    """Give what the bundles assigned are believed to do under a response."""
    touches = assignments[[f"n_{channel}" for channel in CHANNELS]].to_numpy(dtype=np.float64)
    return Doses(
        dose(touches, response=response),
        fatigue(touches, response=response),
        dose_slopes(touches, response=response),
    )


def plan_by_learned(
    scores: pd.DataFrame, learned: LearnedResponse | None, *, settings: Settings
) -> tuple[pd.DataFrame, Settings]:
    """Give scores and settings with what was learned in them: as they are where nothing was, or is wanted."""
    if learned is None or not settings.learning.use_learned:
        return scores, settings
    settings = replace(settings, guards=_guards(settings.guards, learned))
    if learned.is_default:
        return scores, settings
    seen = scores.assign(**{SIGNS: signs_of_sleep(scores, guards=settings.guards)})
    save, expand = account_effects(learned, seen)
    weights = {
        f"{channel}_weight": factor * getattr(settings.response, f"{channel}_weight")
        for channel, factor in zip(CHANNELS, learned.channel_multipliers, strict=True)
    }
    settings = replace(settings, response=replace(settings.response, **weights))
    return scores.assign(**{SAVE_EFFECT: save, EXPAND_EFFECT: expand}), settings


def tell_response(
    planned: Plan,
    scores: pd.DataFrame,
    past: "Past",
    *,
    policy: PlanPolicy,
    usual_policy: PlanPolicy,
    as_of: Any = None,
) -> Plan:
    """Give the plan with the stage of the response it was made by, and how much that moved.

    Parameters
    ----------
    scores
        Those that were planned, with what was learned in them.
    usual_policy
        What the plan would be made by if nothing had been learned.
    """
    learned = past.learned
    if learned is None or not learned.n_rows:
        return planned
    stage = learned.stage if learned.individual_effects is None else f"{learned.stage}, {INDIVIDUAL}"
    used = ResponseUsed(stage=stage)
    if EXPAND_EFFECT in scores or policy.guards != usual_policy.guards:
        usual = scores.drop(columns=[SAVE_EFFECT, EXPAND_EFFECT], errors="ignore")
        before = outreach_figures(
            usual, policy=usual_policy, as_of=as_of, last_plan=past.last_plan, made=past.made
        ).assign(**{ACCOUNT_ID: scores[ACCOUNT_ID]})
        used = compare_responses(scores, planned.lines, before, stage=stage, policy=policy)
    used = replace(used, learned=learned.to_dict())
    notes = (*planned.summary.notes, _note(used), *learned.sentences[:1])
    return replace(planned, summary=replace(planned.summary, response=used, notes=notes))


def _note(used: ResponseUsed) -> str:
    """Say which stage the plan uses, and what it changes."""
    if not (used.hours_moved or used.hours_freed or used.value_gained):
        return f"response to outreach: {used.stage}; it changes nothing against the default response"
    freed = f", frees {used.hours_freed:,.1f} hours" if used.hours_freed >= 0.05 else ""
    return (
        f"response to outreach: {used.stage}, learned from the holdout; against the default response it "
        f"moves {100 * used.hours_moved:.0f} % of the hours{freed}, which is worth {used.value_gained:,.0f} "
        "more by what was learned"
    )


def _guards(guards: Guards, learned: LearnedResponse) -> Guards:
    """Give the guards with do-not-disturb dropped, widened, or as it is."""
    if learned.sleepers.rule == DROPPED:
        return replace(guards, do_not_disturb=False)
    if learned.sleepers.rule == WIDENED:
        return replace(guards, least_signs=max(1, guards.least_signs - 1))
    return guards
