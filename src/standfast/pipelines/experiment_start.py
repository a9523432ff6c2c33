"""Start a test of two plays, and draw its accounts: settled, sized and written before anybody sees it."""

import difflib
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from typing import Any

import pandas as pd

from standfast.adapters.ledger import Ledger
from standfast.adapters.ledger_assignments import write_assignments
from standfast.adapters.ledger_audit import NOBODY
from standfast.adapters.ledger_experiments import (
    OF_PLANS,
    Experiment,
    live_experiment,
    refuse_taken_experiment,
    start_experiment,
)
from standfast.adapters.ledger_names import name_key
from standfast.errors import InputError, StateError
from standfast.learning.experiment_policy import ExperimentPolicy
from standfast.learning.outcomes import OutcomeName
from standfast.learning.outlook import Outlook, outlook
from standfast.learning.play_draw import draw_plays
from standfast.pipelines.book_ledger import book_ledger, reading_ledger
from standfast.pipelines.campaign_words import one_line
from standfast.pipelines.experiment_eligible import Eligible, accounts_in_a_cycle, eligible_accounts
from standfast.pipelines.experiment_words import too_small
from standfast.pipelines.observe import refuse_no_book
from standfast.pipelines.to_plan import ToPlan, read_to_plan
from standfast.schema import ACCOUNT_ID
from standfast.settings import Settings

Say = Callable[[str], None]
KEPT_TERMS = ("confidence", "power", "relative_reduction", "least_accounts")
"""What of the policy is settled at the start, so that later settings change no figure."""


@dataclass(frozen=True, eq=False)
class StartedTest:
    """A test that has begun, or its next cycle: who is in which arm, who was left out, what it can show."""

    experiment: Experiment
    cycle: date
    arms: Mapping[str, int]
    left_out: Mapping[str, int]
    outlook: Outlook

    @property
    def summary(self) -> Mapping[str, Any]:
        """Plain values for a machine."""
        return {
            **asdict(self.experiment), "cycle": self.cycle, "accounts_by_arm": self.arms,
            "left_out": self.left_out, "outlook": asdict(self.outlook),
        }  # fmt: skip


def start_test(
    settings: Settings,
    *,
    name: str,
    play: str,
    against: str,
    segment: str | None = None,
    outcome: OutcomeName = "churned",
    hypothesis: str | None = None,
    until: date | None = None,
    anyway: bool = False,
    as_of: date | None = None,
    who: str = NOBODY,
    say: Say = lambda _: None,
) -> StartedTest:
    """Give a new test of ``play`` against ``against``, with the arms that chance gave its accounts.

    Parameters
    ----------
    segment
        An expression that says which accounts may take part; None: all that are eligible.
    until
        The day it ends; the settings' length by default.
    anyway
        Start it although it is too small to show an effect worth knowing.

    Raises
    ------
    InputError
        A play is unknown, the expression cannot be read, or too few accounts may be in it.
    StateError
        There is a test of that name, or no champion of this book.
    """
    refuse_no_book(settings)
    name = one_line(name, called="the test's name")
    _refuse_plays(settings, play, against)
    _refuse_taken(settings, name)
    say(f"reading book {settings.book_name!r}")
    given = read_to_plan(settings, scores_file=None, as_of=as_of)
    day = _day_of(given)
    ends_on = until or day + timedelta(days=settings.experiments.days)
    say("looking who may be in it")
    eligible = eligible_accounts(given, settings, segment=segment)
    found = _outlook(eligible, settings, outcome=outcome, days=(ends_on - day).days)
    _refuse_small(found, eligible, settings, name=name, anyway=anyway)
    policy = settings.experiments
    with book_ledger(settings) as ledger, ledger.together() as work:
        started = start_experiment(
            work, name, kind="plays", arms={play: 1 - policy.control_share, against: policy.control_share},
            outcome=outcome, started_on=day, segment=segment, seed=policy.seed,
            hypothesis=hypothesis or _hypothesis(play, against, outcome),
            minimum_size=policy.least_accounts, terms=_terms(settings, against=against, ends_on=ends_on),
            who=who,
        )  # fmt: skip
        arms = _draw(work, started, eligible.rows, settings, day=day, who=who)
    return StartedTest(started, day, arms, eligible.left_out, found)


def draw_again(
    settings: Settings, *, name: str, as_of: date | None = None, who: str = NOBODY, say: Say = lambda _: None
) -> StartedTest:
    """Give the next cycle of a test: accounts that may be in it now and are in no cycle that runs.

    Raises
    ------
    StateError
        The test was stopped, its time is over, or nobody may be in it now.
    UnknownNameError
        There is none of that name.
    """
    with book_ledger(settings) as ledger:
        found = live_experiment(ledger, name)
    if found.kind != "plays":
        raise StateError(f"{found.name!r} is drawn by each plan: standfast plan")
    say(f"reading book {settings.book_name!r}")
    given = read_to_plan(settings, scores_file=None, as_of=as_of)
    day, ends_on = _day_of(given), ends_of(found)
    if ends_on is not None and day >= ends_on:
        raise StateError(
            f"the time of {found.name!r} was over on {ends_on}; read it: standfast experiment report"
        )
    eligible = eligible_accounts(given, settings, segment=found.segment)
    if eligible.rows.empty:
        raise StateError(f"nobody may be drawn for {found.name!r} now: {_left_out(eligible)}")
    left = (ends_on - day).days if ends_on else settings.experiments.days
    with book_ledger(settings) as ledger, ledger.together() as work:
        arms = _draw(work, found, eligible.rows, settings, day=day, who=who)
    told = _outlook(eligible, settings, outcome=found.outcome, days=left)  # type: ignore[arg-type]
    return StartedTest(found, day, arms, eligible.left_out, told)


def terms_policy(settings: Settings, experiment: Experiment | None) -> ExperimentPolicy:
    """Give the policy as it was settled when the experiment began."""
    told = experiment.terms if experiment else {}
    return replace(settings.experiments, **{name: told[name] for name in KEPT_TERMS if name in told})


def ends_of(experiment: Experiment) -> date | None:
    """Give the day on which a test ends; None for one without an end."""
    told = experiment.terms.get("ends_on")
    return date.fromisoformat(str(told)) if told else None


def _draw(
    ledger: Ledger, test: Experiment, rows: pd.DataFrame, settings: Settings, *, day: date, who: str
) -> Mapping[str, int]:
    """Draw and keep; whoever was drawn by another at the same time is left to them."""
    taken = accounts_in_a_cycle(ledger, day=day)
    control = next(arm for arm in test.arms if arm == test.terms["against"])
    salt = "\x1f".join((str(test.seed), settings.book_name, test.name, day.isoformat(), ""))
    drawn = draw_plays(
        rows[~rows[ACCOUNT_ID].isin(taken)], play=next(arm for arm in test.arms if arm != control),
        against=control, control_share=test.arms[control], salt=salt,
    )  # fmt: skip
    write_assignments(
        ledger, test.name, drawn, cycle=day, horizon_days=settings.horizon.horizon_days, who=who
    )
    return {str(arm): int((drawn["arm"] == arm).sum()) for arm in test.arms}


def _outlook(eligible: Eligible, settings: Settings, *, outcome: OutcomeName, days: int) -> Outlook:
    horizon = settings.horizon.horizon_days
    return outlook(
        eligible.rows, outcome=outcome, horizon_days=horizon, n_cycles=max(1, days // horizon),
        policy=settings.experiments,
    )  # fmt: skip


def _terms(settings: Settings, *, against: str, ends_on: date) -> dict[str, Any]:
    told = asdict(settings.experiments)
    return {
        "against": against, "ends_on": ends_on.isoformat(), "horizon_days": settings.horizon.horizon_days,
        **{name: told[name] for name in KEPT_TERMS}, "value_tiers": list(settings.experiments.value_tiers),
    }  # fmt: skip


def _hypothesis(play: str, against: str, outcome: OutcomeName) -> str:
    what = "leave less often" if outcome == "churned" else "expand more often"
    return f"accounts that get {play!r} {what} than those that get {against!r}"


def _day_of(given: ToPlan) -> date:
    if given.day is None:
        raise InputError("this book tells no date, and a test needs one; give it with --as-of YYYY-MM-DD")
    return given.day


def _refuse_plays(settings: Settings, play: str, against: str) -> None:
    known = [one.name for one in settings.play_book if one.kind == "matrix" and one.action != "leave"]
    for name in (play, against):
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1, cutoff=0.0)[0]
            raise InputError(
                f"there is no play {name!r} to test; the nearest is {near!r}; add your own under "
                "[plays.NAME] in standfast.toml"
            )
    if play == against:
        raise InputError(f"a test compares two plays, and both are {play!r}; name another in --against")


def _refuse_taken(settings: Settings, name: str) -> None:
    """Refuse a name that is there before a book is read for nothing."""
    if name_key(name) in OF_PLANS:
        raise InputError(
            f"{name!r} cannot be the name: {list(OF_PLANS)} are the plan's own experiments; give another"
        )
    with reading_ledger(settings) as ledger:
        if ledger is not None:
            refuse_taken_experiment(ledger, name)


def _refuse_small(found: Outlook, eligible: Eligible, settings: Settings, *, name: str, anyway: bool) -> None:
    """Refuse a test that can never teach anything, unless that is wanted; one without two arms always."""
    least = 2 * 2
    if found.n_eligible < least:
        raise InputError(
            f"{found.n_eligible} accounts may be in {name!r}, and a test needs {least} at the very least: "
            f"{_left_out(eligible)}; widen --segment, or [experiments] value_tiers"
        )
    if found.is_too_small(settings.experiments) and not anyway:
        raise InputError(too_small(found, settings.experiments, horizon_days=settings.horizon.horizon_days))


def _left_out(eligible: Eligible) -> str:
    return "; ".join(f"{n:,} {why}" for why, n in eligible.left_out.items()) or "the book has no more"
