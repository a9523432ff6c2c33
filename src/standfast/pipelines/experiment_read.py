"""Read experiments out: what chance assigned, what came of it, and whether to go on."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

import pandas as pd

from standfast.adapters.ledger_audit import NOBODY
from standfast.adapters.ledger_experiments import (
    Experiment,
    all_experiments,
    find_experiment,
    stop_experiment,
)
from standfast.errors import StateError
from standfast.learning.complaints import with_complaints
from standfast.learning.effect import Effect
from standfast.learning.holdout import HELD_OUT
from standfast.learning.intervals import Interval
from standfast.learning.readout import ReadOut, read_out
from standfast.learning.stopping import Advice, advise
from standfast.pipelines.assignments import Assigned, assigned_accounts
from standfast.pipelines.book_ledger import reading_ledger
from standfast.pipelines.experiment_start import ends_of, terms_policy
from standfast.pipelines.experiment_words import advice_words, effect_words, tally_words, verdict_words
from standfast.report.wording import count
from standfast.schema import HOLDOUT
from standfast.settings import Settings


@dataclass(frozen=True, eq=False)
class ExperimentRead:
    """One experiment as it stands.

    Parameters
    ----------
    ends_on
        The day it ends; None for the holdout, which goes on.
    n_just_drawn
        Rows of cycles that begin on the day up to which things are known, or later.
    oddities
        What is odd about the records behind all experiments of the book.
    """

    experiment: Experiment
    read: ReadOut
    advice: Advice
    ends_on: date | None
    as_of: date | None
    n_just_drawn: int
    oddities: tuple[str, ...]
    currency: str

    @property
    def advice_sentence(self) -> str:
        """Whether to go on, in words."""
        if not self.experiment.is_live:
            return f"stopped on {self.experiment.stopped_on}: {self.experiment.stop_reason}"
        return advice_words(self.advice, self.read, ends_on=self.ends_on)

    @property
    def tallied(self) -> tuple[str, ...]:
        """What was drawn and what of it is compared, in words."""
        now = f"{count(self.n_just_drawn)} were drawn for a cycle that only begins"
        return (*tally_words(self.read), *([now] if self.n_just_drawn else []))

    @property
    def verdicts(self) -> tuple[str, ...]:
        """What was shown of what the experiment was made for, in words."""
        told = tuple(
            f"{effect_words(one.effect, one.judged_by, currency=self.currency)}: {verdict_words(one)}"
            for one in self.read.decisive
        )
        return told or ("nothing has matured in both arms yet, so nothing can be compared",)

    @property
    def summary(self) -> Mapping[str, Any]:
        """Plain values for a machine."""
        read = self.read
        return {
            "experiment": asdict(self.experiment), "as_of": self.as_of, "ends_on": self.ends_on,
            "control": read.control, "primary": read.primary, "looks": read.looks,
            "confidence": read.confidence, "tally": asdict(read.tally),
            "by_chance": [
                {**_plain(one.effect), "is_primary": one.is_primary, "corrected_p": one.corrected_p,
                 "finding": one.finding, "verdict": verdict_words(one),
                 "lack": asdict(one.lack) if one.lack else None}
                for one in read.by_chance
            ],
            "by_deed": [_plain(effect) for effect in read.by_deed],
            "n_just_drawn": self.n_just_drawn, "advice": self.advice.kind,
            "sentences": [*self.tallied, *self.verdicts, self.advice_sentence, *self.oddities],
        }  # fmt: skip


@dataclass(frozen=True, eq=False)
class ExperimentList:
    """The experiments of a book, the oldest first."""

    experiments: tuple[Experiment, ...]

    @property
    def summary(self) -> Mapping[str, Any]:
        """Plain values for a machine."""
        return {"experiments": [asdict(one) for one in self.experiments]}


@dataclass(frozen=True, eq=False)
class ExperimentStatus:
    """How the experiments that were asked for stand."""

    reads: tuple[ExperimentRead, ...]

    @property
    def summary(self) -> Mapping[str, Any]:
        """Plain values for a machine."""
        return {"experiments": [one.summary for one in self.reads]}


def list_experiments(settings: Settings) -> ExperimentList:
    """Give the experiments of the book; none where there is no ledger yet."""
    with reading_ledger(settings) as ledger:
        return ExperimentList(() if ledger is None else all_experiments(ledger))


def read_experiments(
    settings: Settings, *, name: str | None = None, as_of: date | None = None
) -> ExperimentStatus:
    """Give how an experiment stands; without a name, all that are live.

    Raises
    ------
    StateError
        None was ever started.
    UnknownNameError
        There is none of that name.
    """
    chosen = _chosen(settings, name)
    assigned = assigned_accounts(settings, as_of=as_of)
    rows = _with_complaints(assigned, settings)
    told = tuple(one.sentence for one in assigned.oddities)
    return ExperimentStatus(
        tuple(
            read_experiment(
                rows[rows["experiment"] == one.name], one, settings=settings, as_of=assigned.as_of,
                oddities=told, n_just_drawn=assigned.n_just_drawn.get(one.name, 0),
            )
            for one in chosen
        )
    )  # fmt: skip


def _with_complaints(assigned: Assigned, settings: Settings) -> pd.DataFrame:
    """Give the rows with complaints where any are known."""
    if assigned.rows.empty:
        return assigned.rows
    return with_complaints(
        assigned.rows, assigned.made, complaints=settings.experiments.complaints,
        horizon_days=settings.horizon.horizon_days,
    )  # fmt: skip


def read_experiment(
    rows: pd.DataFrame,
    experiment: Experiment,
    *,
    settings: Settings,
    as_of: date | None,
    oddities: Sequence[str] = (),
    n_just_drawn: int = 0,
) -> ExperimentRead:
    """Give one experiment read out, from its rows of ASSIGNMENT_COLUMNS.

    Intervals that hold at all looks decide, until the end that was settled at the start has come: a test is
    read once then, and looked at before only for harm.
    """
    policy, ends_on = terms_policy(settings, experiment), ends_of(experiment)
    is_over = ends_on is not None and as_of is not None and as_of >= ends_on
    control = HELD_OUT if experiment.name == HOLDOUT else str(experiment.terms["against"])
    read = read_out(
        rows, control=control, policy=policy, primary=experiment.outcome,  # type: ignore[arg-type]
        looks="once" if is_over else "often", arms=list(experiment.arms),
        days_per_cycle=float(settings.horizon.horizon_days),
    )  # fmt: skip
    advice = advise(read, least_accounts=experiment.minimum_size or 0, is_over=is_over)
    return ExperimentRead(
        experiment, read, advice, ends_on, as_of, n_just_drawn, tuple(oddities), settings.units.currency
    )


def end_experiment(
    settings: Settings, *, name: str, reason: str, day: date | None = None, who: str = NOBODY
) -> ExperimentRead:
    """Give an experiment that is stopped now: it draws nobody any more, and its play leaves the plan.

    Raises
    ------
    StateError
        None was ever started.
    UnknownNameError
        There is none of that name.
    """
    (before,) = read_experiments(settings, name=name).reads
    stopped_on = day or before.as_of or before.experiment.started_on
    with reading_ledger(settings) as ledger:
        assert ledger is not None  # noqa: S101  (it was read above)
        stopped = stop_experiment(ledger, name, stopped_on=stopped_on, reason=reason, who=who)
    return replace(before, experiment=stopped)


def _chosen(settings: Settings, name: str | None) -> tuple[Experiment, ...]:
    with reading_ledger(settings) as ledger:
        if ledger is not None and name is not None:
            return (find_experiment(ledger, name),)
        there = () if ledger is None else all_experiments(ledger)
    if not there:
        raise StateError(
            "there is no experiment in this book yet; the plan's holdout begins with the first plan that the "
            "ledger keeps (standfast plan), a test of plays with: standfast experiment start NAME --play A "
            "--against B"
        )
    return tuple(one for one in there if one.is_live)


def _plain(effect: Effect) -> dict[str, Any]:
    told = {name: value for name, value in asdict(effect).items() if name != "estimate"}
    return {
        **told, "gained": effect.gained, "one_look": _bounds(effect.gain),
        "any_look": _bounds(effect.always_gain), "p_value": effect.estimate.p_value,
    }  # fmt: skip


def _bounds(gain: Interval) -> dict[str, float | None]:
    return {"low": gain.low, "high": gain.high}
