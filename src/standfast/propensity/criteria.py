"""The gate's criteria: each asks one thing of a model on rows unseen and answers with a figure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from standfast.propensity.bootstrap import middle
from standfast.propensity.evaluation import Estimate
from standfast.propensity.gate_policy import CRITERIA, GatePolicy
from standfast.propensity.metrics import Floats, calibration_error, sort_rows
from standfast.propensity.paired import auc_off, estimate, loss_off, mean_of

Answer = Literal["pass", "fail", "cannot tell"]


@dataclass(frozen=True)
class Criterion:
    """One answer of the gate: what was asked, of which model, the answer, and the sentence that says why."""

    name: str
    model: str
    answer: Answer
    sentence: str
    figure: Estimate | None = None

    @property
    def question(self) -> str:
        """What the criterion asks."""
        return CRITERIA[self.name]

    def to_dict(self) -> dict[str, Any]:
        """Plain values for a JSON file."""
        found = self.figure
        ends = [found.value, found.low, found.high] if found and np.isfinite(found.value) else None
        return {
            "name": self.name, "model": self.model, "question": self.question, "answer": self.answer,
            "sentence": self.sentence, "figure": ends,
        }  # fmt: skip


@dataclass(frozen=True, eq=False)
class Evidence:
    """Rows a model had not seen: what it said of them, what happened, and what rules and rivals say.

    Parameters
    ----------
    account, date
        Numbers of the row's account and observation date; one date where the book is flat.
    revenue, silent_days
        None where the book does not know them; NaN where they are not known of an account.
    champion
        What the champion says of the rows, NaN where it had learned from the row; None without a champion.
    parts
        Group of each row by dimension, such as ``{"industry": [...]}``; "" where it is not known.
    """

    model: str
    label: Floats
    probability: Floats
    account: NDArray[np.intp]
    date: NDArray[np.intp]
    revenue: Floats | None = None
    silent_days: Floats | None = None
    champion: Floats | None = None
    parts: Mapping[str, NDArray[np.object_]] = field(default_factory=dict)

    def take(self, chosen: NDArray[np.bool_]) -> "Evidence":
        """Give some of the rows."""

        def some(values: Any) -> Any:
            return None if values is None else values[chosen]

        return replace(
            self, label=self.label[chosen], probability=self.probability[chosen],
            account=np.unique(self.account[chosen], return_inverse=True)[1], date=self.date[chosen],
            revenue=some(self.revenue), silent_days=some(self.silent_days), champion=some(self.champion),
            parts={name: groups[chosen] for name, groups in self.parts.items()},
        )  # fmt: skip

    @property
    def n_rarer(self) -> int:
        """Accounts with the rarer outcome."""
        ever = np.zeros(int(self.account.max(initial=-1)) + 1, dtype=bool)
        ever[self.account[self.label > 0]] = True
        return int(min(ever.sum(), (~ever).sum()))


def champion_criteria(evidence: Evidence, *, policy: GatePolicy) -> list[Criterion]:
    """Compare log loss and order with the champion's, on rows that neither had learned from."""
    shared = _shared(evidence)
    if shared is None:
        why = "there is no champion's word on rows that it had not learned from"
        return [Criterion(name, evidence.model, "cannot tell", why) for name in ("log_loss", "auc")]
    loss = _estimate(loss_off(shared.label, shared.probability, _known(shared.champion)), shared, policy)
    order = _estimate(auc_off(shared.label, shared.probability, _known(shared.champion)), shared, policy)
    return [
        _judged("log_loss", shared.model, loss, "log loss less the champion's", lower_is_better=True),
        _judged("auc", shared.model, order, "AUC less the champion's"),
    ]


def rule_criteria(evidence: Evidence, *, policy: GatePolicy) -> list[Criterion]:
    """Compare the order with that of the rules people use: longest silent first, largest first."""
    rules = {"recency": _silent_first(evidence), "revenue_list": _largest_first(evidence)}
    return [_against_rule(name, evidence, rule, policy=policy) for name, rule in rules.items()]


def calibration_criteria(evidence: Evidence, *, policy: GatePolicy) -> list[Criterion]:
    """Ask whether as many come as were promised, and whether the calibration error is more than noise."""
    return [_level(evidence, policy), _calibration(evidence, policy)]


def rules_of(evidence: Evidence) -> dict[str, Floats]:
    """Give the orders that rules put the accounts in, as far as the book knows what they go by."""
    named = {"longest silent first": _silent_first(evidence), "largest first": _largest_first(evidence)}
    return {name: order for name, order in named.items() if order is not None}


def _against_rule(name: str, evidence: Evidence, rule: Floats | None, *, policy: GatePolicy) -> Criterion:
    words = {"recency": "longest silent first", "revenue_list": "largest first"}[name]
    if rule is None:
        missing = {"recency": "when accounts were last seen", "revenue_list": "what accounts pay"}[name]
        return Criterion(name, evidence.model, "cannot tell", f"the book does not know {missing}")
    found = _estimate(auc_off(evidence.label, evidence.probability, rule), evidence, policy)
    return _judged(name, evidence.model, found, f"AUC less that of {words}")


def _level(evidence: Evidence, policy: GatePolicy) -> Criterion:
    rate = float(evidence.label.mean())
    off = _estimate(mean_of(evidence.probability - evidence.label), evidence, policy)
    told = f"says {evidence.probability.mean():.4f} on average where {rate:.4f} came ({_spelled(off)})"
    if off.low <= 0 <= off.high:
        return Criterion("level", evidence.model, "pass", f"{told}: within chance", off)
    if abs(off.value) <= policy.level_tolerance * rate:
        return Criterion("level", evidence.model, "pass", f"{told}: beyond chance, but close enough", off)
    return Criterion("level", evidence.model, "fail", f"{told}: off beyond chance", off)


def _calibration(evidence: Evidence, policy: GatePolicy) -> Criterion:
    rows = sort_rows(evidence.label, evidence.probability, evidence.account)
    ones = np.ones(len(rows.y))
    error = calibration_error(rows, ones)
    noise = np.array(
        [calibration_error(replace(rows, y=y), ones) for y in _luck(rows.p, rows.account, policy)]
    )
    least, most = middle(noise, policy.level)
    found = Estimate(error, least, most)
    told = f"calibration error {error:.4f}; true probabilities would show up to {most:.4f}"
    if error <= most:
        return Criterion("calibration", evidence.model, "pass", f"{told}: within the noise floor", found)
    if error <= policy.ece_tolerance:
        return Criterion("calibration", evidence.model, "pass", f"{told}: beyond it, but small", found)
    return Criterion("calibration", evidence.model, "fail", f"{told}: off beyond chance", found)


def forgive(criterion: Criterion, evidence: Evidence, *, policy: GatePolicy) -> Criterion:
    """Let a level or calibration pass that is off, where the champion is as far off on the same rows.

    As far means but for what either is let pass anyway. Where the champion cannot be asked about these rows,
    whether it does better cannot be told.
    """
    error = {"level": _level_error, "calibration": _bin_error}.get(criterion.name)
    if criterion.answer != "fail" or error is None:
        return criterion
    shared = _shared(evidence)
    if shared is None:
        told = f"{criterion.sentence}; how far off the champion is there is not known"
        return replace(criterion, answer="cannot tell", sentence=told)
    mine, theirs = error(shared.probability, shared.label), error(_known(shared.champion), shared.label)
    slack = {"level": policy.level_tolerance * float(shared.label.mean())}.get(
        criterion.name, policy.ece_tolerance
    )
    told = f"{criterion.sentence}, the champion by {theirs:.4f} where this is by {mine:.4f}"
    return replace(criterion, answer="fail" if mine > theirs + slack else "pass", sentence=told)


def _level_error(p: Floats, y: Floats) -> float:
    return abs(float(p.mean() - y.mean()))


def _bin_error(p: Floats, y: Floats) -> float:
    rows = sort_rows(y, p, np.zeros(len(y), dtype=np.intp))
    return calibration_error(rows, np.ones(len(y)))


def _luck(p: Floats, account: NDArray[np.intp], policy: GatePolicy) -> list[Floats]:
    """Draw outcomes from the probabilities; an account's rows share one luck, as they do in a book."""
    rng = np.random.default_rng(1)
    n_draws = int(np.clip(6_000_000 // max(len(p), 1), 40, policy.n_draws))
    n = int(account.max()) + 1
    return [(rng.random(n)[account] < p).astype(np.float64) for _ in range(n_draws)]


def _shared(evidence: Evidence) -> Evidence | None:
    """Give the rows that the champion, too, had not learned from; None where they cannot be compared on."""
    if evidence.champion is None or not (known := np.isfinite(evidence.champion)).any():
        return None
    shared = evidence.take(known)
    return shared if 0 < shared.label.sum() < len(shared.label) else None


def _silent_first(evidence: Evidence) -> Floats | None:
    """Order by silence; who was never seen has been silent longest."""
    if evidence.silent_days is None:
        return None
    longest = np.nanmax(evidence.silent_days, initial=0.0)
    return np.where(np.isnan(evidence.silent_days), longest + 1, evidence.silent_days)


def _largest_first(evidence: Evidence) -> Floats | None:
    if evidence.revenue is None or not np.isfinite(evidence.revenue).any():
        return None
    return np.where(np.isnan(evidence.revenue), np.nanmin(evidence.revenue) - 1, evidence.revenue)


def _known(champion: Floats | None) -> Floats:
    return np.empty(0) if champion is None else champion


def _estimate(of: Any, evidence: Evidence, policy: GatePolicy) -> Estimate:
    return estimate(of, evidence.account, draws=policy.n_draws, level=policy.level)


def judge_difference(
    name: str, model: str, found: Estimate, told: str, *, digits: int = 4, lower_is_better: bool = False
) -> Criterion:
    """Pass what is no worse, fail what is worse beyond chance, and leave open what chance may explain."""
    low, value, high = found.low, found.value, found.high
    if lower_is_better:
        low, value, high = -found.high, -found.value, -found.low
    answer: Answer = "fail" if high < 0 else "pass" if value >= 0 else "cannot tell"
    said = {
        "fail": "worse beyond chance",
        "pass": "better beyond chance" if low > 0 else "no worse",
        "cannot tell": "worse by no more than chance may do",
    }[answer]
    return Criterion(name, model, answer, f"{told} {_spelled(found, digits)}: {said}", found)


_judged = judge_difference


def _spelled(found: Estimate, digits: int = 4) -> str:
    return f"{found.value:+,.{digits}f}, {found.low:+,.{digits}f} to {found.high:+,.{digits}f}"
