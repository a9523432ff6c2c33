"""The gate's criteria on money and on parts of the book: leavers' revenue in the team's hours, and groups."""

import numpy as np
from numpy.typing import NDArray

from standfast.propensity.criteria import Criterion, Evidence, judge_difference, rules_of
from standfast.propensity.evaluation import Estimate
from standfast.propensity.gate_policy import GatePolicy
from standfast.propensity.metrics import Floats
from standfast.propensity.paired import estimate, loss_off


def money_criterion(evidence: Evidence, *, hours: float, policy: GatePolicy) -> Criterion:
    """Compare the revenue of leavers among the accounts the hours reach with what the champion reaches.

    Accounts are taken by probability x revenue, date by date.
    """
    n = int(hours // policy.hours_per_account)
    why = _cannot_reach(evidence, n)
    if why:
        return Criterion("money", evidence.model, "cannot tell", why)
    return _against_champion(evidence, n, policy)


def money_rules_criterion(evidence: Evidence, *, hours: float, policy: GatePolicy) -> Criterion:
    """Compare the same with what rules reach, which take the accounts in their own order."""
    n = int(hours // policy.hours_per_account)
    why = _cannot_reach(evidence, n)
    if why:
        return Criterion("money_rules", evidence.model, "cannot tell", why)
    return _against_rules(evidence, n, policy)


def segment_criterion(evidence: Evidence, *, policy: GatePolicy) -> Criterion:
    """Ask of each tier and industry with enough events whether the champion's log loss is lower there.

    With k groups the interval is that of 1 - (1 - level) / k, so that many groups make no false alarm.
    """
    if evidence.champion is None or not (known := np.isfinite(evidence.champion)).any():
        return Criterion(
            "segments", evidence.model, "cannot tell", "there is no champion to compare groups with"
        )
    groups = judged_groups(evidence.take(known), least=policy.group_events)
    if not groups:
        told = f"no group has {policy.group_events} accounts of either outcome"
        return Criterion("segments", evidence.model, "cannot tell", told)
    level = 1 - (1 - policy.level) / len(groups)
    found = {name: _loss_off(part, level, policy) for name, part in groups.items()}
    worst = max(found, key=lambda name: (found[name].low, name))
    told = f"of {len(groups)} groups, {worst} fares worst: log loss less the champion's"
    return judge_difference("segments", evidence.model, found[worst], told, lower_is_better=True)


def judged_groups(evidence: Evidence, *, least: int) -> dict[str, Evidence]:
    """Give the parts of the book with at least so many accounts of either outcome, by name."""
    parts = {
        f"{dimension} {group}": evidence.take(groups == group)
        for dimension, groups in evidence.parts.items()
        for group in sorted({str(one) for one in np.unique(groups.astype(str))} - {""})
    }
    return {name: part for name, part in parts.items() if len(part.label) and part.n_rarer >= least}


def _loss_off(part: Evidence, level: float, policy: GatePolicy) -> Estimate:
    champion = np.empty(0) if part.champion is None else part.champion
    off = loss_off(part.label, part.probability, champion)
    n_draws = round(policy.n_draws * (1 - policy.level) / (1 - level))  # the ends lie further out
    return estimate(off, part.account, draws=n_draws, level=level)


def _cannot_reach(evidence: Evidence, n: int) -> str:
    """Say why the money cannot be asked for; empty where it can."""
    if evidence.revenue is None or not np.isfinite(evidence.revenue).any():
        return "the book does not know what accounts pay"
    least = int(np.bincount(evidence.date)[np.unique(evidence.date)].min())
    if n < 1:
        return "the team's hours reach no account"
    if n >= least:
        return f"the team's hours reach {n} accounts, and a date has {least}: every order reaches all"
    return ""


def _against_champion(evidence: Evidence, n: int, policy: GatePolicy) -> Criterion:
    if evidence.champion is None or not (known := np.isfinite(evidence.champion)).any():
        told = "there is no champion's word on rows that it had not learned from"
        return Criterion("money", evidence.model, "cannot tell", told)
    shared = evidence.take(known)
    theirs = _at_risk(shared, np.empty(0) if shared.champion is None else shared.champion)
    return _compared("money", shared, theirs, "the champion", n=n, policy=policy)


def _against_rules(evidence: Evidence, n: int, policy: GatePolicy) -> Criterion:
    """Compare with each rule; the one that reaches most speaks for all."""
    compared = [
        _compared("money_rules", evidence, order, rule, n=n, policy=policy)
        for rule, order in rules_of(evidence).items()
    ]
    return min(compared, key=lambda one: one.figure.value if one.figure else 0.0)


def _compared(
    name: str, evidence: Evidence, rival: Floats, words: str, *, n: int, policy: GatePolicy
) -> Criterion:
    """Compare what two orders reach per date; who is reached stands, who leaves is drawn anew."""
    n_dates = len(np.unique(evidence.date))
    worth = evidence.label * np.nan_to_num(_revenue(evidence)) / n_dates
    mine = _first(_at_risk(evidence, evidence.probability), evidence, n)
    off = worth * (mine.astype(float) - _first(rival, evidence, n))
    found = estimate(
        lambda weight: float((weight * off).sum()), evidence.account, draws=policy.n_draws, level=policy.level
    )
    told = (
        f"among the first {n} accounts of a date, {(worth * mine).sum():,.0f} of leavers' revenue; "
        f"against {words}"
    )
    return judge_difference(name, evidence.model, found, told, digits=0)


def _first(order: Floats, evidence: Evidence, n: int) -> NDArray[np.bool_]:
    """Mark the first ``n`` accounts of each date by falling order; ties go by account."""
    ranked = np.lexsort((evidence.account, -order, evidence.date))
    start = np.searchsorted(evidence.date[ranked], evidence.date[ranked], side="left")
    reached = np.zeros(len(order), dtype=bool)
    reached[ranked] = np.arange(len(order)) - start < n
    return reached


def _at_risk(evidence: Evidence, probability: Floats) -> Floats:
    return probability * np.nan_to_num(_revenue(evidence))


def _revenue(evidence: Evidence) -> Floats:
    return np.zeros(len(evidence.label)) if evidence.revenue is None else evidence.revenue
