"""How outreach works, as learned from the holdout, stage by stage, and no further than evidence carries."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import ndtr

from standfast.learning.arrays import Bools, Floats
from standfast.learning.clusters import Figure
from standfast.learning.done import CHANNELS as CHANNEL_WORDS
from standfast.learning.holdout import HELD_OUT
from standfast.learning.individual import IndividualVerdict
from standfast.learning.individual_effects import IndividualEffects, learn_individual
from standfast.learning.intervals import standard_steps
from standfast.learning.modifiers import Modifier, fit_modifiers, modifier_values
from standfast.learning.offset_logit import Normal
from standfast.learning.response_design import (
    CHANNELS,
    DEFAULT,
    MODIFIERS,
    POOLED,
    STAGES,
    Believed,
    effect_places,
    parameter_names,
)
from standfast.learning.response_policy import LearningPolicy
from standfast.learning.response_rows import Doses, ResponseRows, in_order, randomised, response_rows
from standfast.learning.response_words import told
from standfast.learning.sleepers import SleeperVerdict, judge_sleepers
from standfast.learning.stages import Learner, StageVerdict, judge_stages


@dataclass(frozen=True, kw_only=True)
class LearnedResponse:
    """What plans may believe of outreach: plain values, as JSON holds them.

    Parameters
    ----------
    stage
        The stage that stands: "default", "pooled effect", "modifiers" or "channel weights".
    save_effect, expand_effect
        Log-odds of churn that a full dose takes away, and of expansion that it adds, in an average account.
    save_carried, expand_carried
        As much of that as plans are made by: no further from the default than the evidence carries.
    modifiers
        What changes that, and by how much.
    channel_multipliers
        What to multiply the default weight of each channel by.
    names, covariance
        The parameters and how surely they are known; those that are held at the default have no variance.
    n_rows, n_accounts, n_cycles, n_events
        Randomised rows that have matured, of how many accounts and cycles, and the churns and expansions.
    verdicts
        How each stage did against the one before it.
    individual, individual_effects
        Whether effects on churn differ by account, and the learner of them; that one is not kept, but learned
        anew.
    sleepers
        What became of do-not-disturb.
    sentences
        All that in words.
    """

    stage: str
    save_effect: float
    expand_effect: float
    save_carried: float
    expand_carried: float
    modifiers: tuple[Modifier, ...] = ()
    channel_multipliers: tuple[float, ...] = (1.0,) * len(CHANNEL_WORDS)
    names: tuple[str, ...] = ()
    covariance: tuple[tuple[float, ...], ...] = ()
    n_rows: int = 0
    n_accounts: int = 0
    n_cycles: int = 0
    n_events: int = 0
    verdicts: tuple[StageVerdict, ...] = ()
    individual: IndividualVerdict = field(default_factory=IndividualVerdict)
    individual_effects: IndividualEffects | None = field(default=None, compare=False, repr=False)
    sleepers: SleeperVerdict = field(default_factory=SleeperVerdict)
    sentences: tuple[str, ...] = ()

    @property
    def is_default(self) -> bool:
        """Whether nothing was learned that a plan would use."""
        return self.stage == STAGES[DEFAULT] and self.individual_effects is None

    def error_of(self, name: str) -> float:
        """Return the standard error of a parameter, 0 where it is held at the default."""
        place = self.names.index(name)
        return float(np.sqrt(self.covariance[place][place]))

    def chance_above(self, name: str, value: float, *, than: float = 0.0) -> float:
        """Return the posterior probability that a parameter of this value lies above another."""
        error = self.error_of(name)
        return float(ndtr((value - than) / error)) if error > 0 else float(value > than)

    def to_dict(self) -> dict[str, Any]:
        """Plain values for a JSON column."""
        told = asdict(replace(self, individual_effects=None))
        return {name: value for name, value in told.items() if name != "individual_effects"}

    @classmethod
    def from_dict(cls, kept: Mapping[str, Any]) -> "LearnedResponse":
        """Return what ``to_dict`` gave, after it went through JSON."""
        values = dict(kept)
        values["modifiers"] = tuple(Modifier(**one) for one in kept["modifiers"])
        difference = kept["individual"]["difference"]
        values["individual"] = IndividualVerdict(
            **{**kept["individual"], "difference": None if difference is None else Figure(**difference)}
        )
        values["sleepers"] = SleeperVerdict(**kept["sleepers"])
        values["verdicts"] = tuple(StageVerdict(**one) for one in kept["verdicts"])
        values["covariance"] = tuple(tuple(row) for row in kept["covariance"])
        for name in ("channel_multipliers", "names", "sentences"):
            values[name] = tuple(kept[name])
        return cls(**values)


def learn_response(
    assignments: pd.DataFrame,
    doses: Doses,
    *,
    believed: Believed,
    policy: LearningPolicy,
    least_signs: int = 4,
) -> LearnedResponse:
    """Return the response that the holdout teaches, at the last stage that beat the one before it.

    Parameters
    ----------
    assignments
        Rows of ASSIGNMENT_COLUMNS; columns beside them may be modifiers.
    doses
        What the bundle of each row is believed to do.
    believed
        The default response, which stands until evidence moves it.
    least_signs
        Signs of sleep by which do-not-disturb spares an account now.
    """
    order = in_order(assignments)
    assignments, doses = assignments.iloc[order], doses.take(order)
    kept = randomised(assignments)
    frame = assignments[kept]
    modifiers = fit_modifiers(frame, policy.modifiers)
    rows = response_rows(frame, doses.take(kept), modifier_values(frame, modifiers))
    learner = Learner.of(rows, believed, policy)
    stages = _stages(rows, policy)
    stands, verdicts = judge_stages(learner, stages) if stages else (DEFAULT, ())
    learned = _as_learned(frame, learner, modifiers, stands, verdicts)
    sleepers = judge_sleepers(assignments, doses, least_signs=least_signs, policy=policy)
    verdict, effects = learn_individual(
        frame, doses.take(kept), account_effects(learned, frame)[0], policy=policy
    )
    learned = replace(learned, sleepers=sleepers, individual=verdict, individual_effects=effects)
    return told(learned, believed, policy=policy, n_held_out=_n_held_out(frame))


def account_effects(learned: LearnedResponse, scores: pd.DataFrame) -> tuple[Floats, Floats]:
    """Return the effects on churn and on expansion for each account of a scores frame."""
    values = modifier_values(scores, learned.modifiers)
    save = np.array([one.save for one in learned.modifiers])
    expand = np.array([one.expand for one in learned.modifiers])
    effects = learned.save_carried + values @ save, learned.expand_carried + values @ expand
    if learned.individual_effects is None:
        return effects
    return effects[0] + learned.individual_effects.beyond_mean(scores), effects[1]


def _stages(rows: ResponseRows, policy: LearningPolicy) -> tuple[int, ...]:
    """Return the stages that there are rows enough to try; none where there are too few for any."""
    n_rows = int((rows.sign < 0).sum())
    if n_rows < policy.least_rows or rows.outcome.sum() < policy.least_events:
        return ()
    tried: list[int] = [DEFAULT, POOLED]
    tried += [MODIFIERS] if rows.modifiers.shape[1] else []
    return (*tried, CHANNELS)


def _as_learned(
    frame: pd.DataFrame,
    learner: Learner,
    modifiers: Sequence[Modifier],
    stands: int,
    verdicts: tuple[StageVerdict, ...],
) -> LearnedResponse:
    rows, believed = learner.rows, learner.believed
    posterior = learner.learn(stands)
    mean, (save, expand) = posterior.mean, effect_places(len(modifiers), len(CHANNEL_WORDS))
    is_default = stands == DEFAULT
    return LearnedResponse(
        stage=STAGES[stands],
        save_effect=believed.save_effect if is_default else float(mean[save[0]]),
        expand_effect=believed.expand_effect if is_default else float(mean[expand[0]]),
        save_carried=carried(posterior, save[0], believed.save_effect, confidence=learner.policy.carried),
        expand_carried=carried(
            posterior, expand[0], believed.expand_effect, confidence=learner.policy.carried
        ),
        modifiers=tuple(
            one.moved(float(mean[s]), float(mean[e]))
            for one, s, e in zip(modifiers, save[1:], expand[1:], strict=True)
            if mean[s] or mean[e]
        ),
        channel_multipliers=tuple(np.maximum(0.0, 1 + mean[-len(CHANNEL_WORDS) :]).tolist()),
        names=parameter_names(tuple(one.name for one in modifiers), CHANNEL_WORDS),
        covariance=tuple(tuple(row) for row in posterior.covariance.tolist()),
        n_rows=int((rows.sign < 0).sum()),
        n_accounts=len(np.unique(rows.account)),
        n_cycles=int(frame["cycle"].nunique()),
        n_events=int(rows.outcome.sum()),
        verdicts=verdicts,
    )


def carried(posterior: Normal, place: int, believed: float, *, confidence: float) -> float:
    """Return the end nearest what is believed of a parameter's interval; what is believed if that is in it.

    An effect taken for smaller than it is empties a plan, which costs far more than one taken for larger,
    which spends hours that are there. So a plan goes as far as the evidence carries, not to where it points.

    Examples
    --------
    >>> found = Normal(np.array([0.1]), np.array([[0.04]]))
    >>> round(carried(found, 0, 0.5, confidence=0.5), 3), carried(found, 0, 0.2, confidence=0.5)
    (0.235, 0.2)
    """
    value, error = float(posterior.mean[place]), float(np.sqrt(posterior.covariance[place, place]))
    reach = standard_steps(confidence) * error
    return float(np.clip(believed, value - reach, value + reach))


def _n_held_out(frame: pd.DataFrame) -> int:
    held: Bools = (frame["arm"] == HELD_OUT).to_numpy(dtype=bool)
    return int(held.sum())
