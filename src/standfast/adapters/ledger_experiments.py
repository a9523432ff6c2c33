"""Experiments in the ledger: what is tried on whom, named before it begins, and why it was stopped."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, Literal

import sqlalchemy as sa

from standfast.adapters.ledger import Ledger, now
from standfast.adapters.ledger_audit import NOBODY, note
from standfast.adapters.ledger_experiment_tables import EXPERIMENTS
from standfast.adapters.ledger_names import clean_name, name_key
from standfast.adapters.ledger_rows import insert_one, plain_json
from standfast.errors import InputError, StateError, TakenError, UnknownNameError
from standfast.schema import HOLDOUT, RELEASED

ExperimentKind = Literal["holdout", "plays", "release"]
OF_PLANS: Mapping[str, ExperimentKind] = {HOLDOUT: "holdout", RELEASED: "release"}
"""Experiments that plans draw by themselves: their names belong to their kinds, and no other has them."""
_OF = EXPERIMENTS.c
_LARGEST_SEED = 2**31 - 1


@dataclass(frozen=True, kw_only=True)
class Experiment:
    """An experiment as it stands.

    Parameters
    ----------
    hypothesis
        What was expected before it began.
    arms
        Each arm and its share; the shares add up to 1.
    segment
        The expression that says which accounts may take part; None: all.
    outcome
        The label that decides: churned or expanded.
    minimum_size
        Accounts per arm before it is read; None where nobody said.
    terms
        What else was settled at its start.
    """

    experiment_id: int
    name: str
    kind: str
    hypothesis: str | None
    arms: Mapping[str, float]
    segment: str | None
    outcome: str
    seed: int
    minimum_size: int | None
    terms: Mapping[str, Any]
    started_on: date
    started_by: str
    stopped_on: date | None
    stop_reason: str | None
    stopped_by: str | None

    @property
    def is_live(self) -> bool:
        """Whether nobody has stopped it."""
        return self.stopped_on is None


def start_experiment(
    ledger: Ledger,
    name: str,
    *,
    kind: ExperimentKind,
    arms: Mapping[str, float],
    outcome: str,
    started_on: date,
    hypothesis: str | None = None,
    segment: str | None = None,
    seed: int = 0,
    minimum_size: int | None = None,
    terms: Mapping[str, Any] = MappingProxyType({}),
    who: str = NOBODY,
) -> Experiment:
    """Keep a new experiment; what is settled here cannot be changed afterwards.

    Raises
    ------
    InputError
        The name cannot be one, there are fewer than two arms, or their shares do not add up to 1.
    TakenError
        There is one of that name, live or stopped.
    """
    called = clean_name(name, of="experiment")
    _refuse_arms(arms)
    if OF_PLANS.get(name_key(called), "plays") != kind:
        raise InputError(f"{called!r} cannot be the name: {list(OF_PLANS)} are the plan's own experiments")
    row = {
        "book": ledger.book, "name": called, "key": name_key(called), "kind": kind, "arms": plain_json(arms),
        "hypothesis": hypothesis, "segment": segment, "outcome": outcome, "seed": seed,
        "minimum_size": minimum_size, "terms": plain_json(dict(terms)), "started_on": started_on,
        "started_at": now(), "started_by": who,
    }  # fmt: skip
    _refuse_seed(seed)
    with ledger.together() as work, work.writing() as connection:
        refuse_taken_experiment(work, called)
        insert_one(connection, EXPERIMENTS, row)
        told = {key: row[key] for key in ("name", "kind", "arms", "hypothesis", "segment", "outcome")}
        note(work, who=who, action="experiment started", details=told)
        return _of_name(connection, ledger.book, called)


def refuse_taken_experiment(ledger: Ledger, name: str) -> None:
    """Refuse a name that an experiment of this book has, live or stopped (a TakenError)."""
    with ledger.reading() as connection:
        there = _found(connection, ledger.book, name)
    if there is not None:
        raise TakenError(
            f"there is an experiment {there.name!r} already, started on {there.started_on}; choose "
            "another name, for what was settled once is not changed"
        )


def stop_experiment(
    ledger: Ledger, name: str, *, stopped_on: date, reason: str, who: str = NOBODY
) -> Experiment:
    """Let an experiment draw no more accounts; what it drew stays. One that is stopped stays as it is.

    Raises
    ------
    InputError
        The reason is missing.
    UnknownNameError
        There is none of that name.
    """
    if not reason.strip():
        raise InputError(f"say why the experiment {name!r} is stopped; others will ask: give a reason")
    with ledger.together() as work, work.writing() as connection:
        found = _of_name(connection, ledger.book, name)
        if not found.is_live:
            return found
        connection.execute(
            sa.update(EXPERIMENTS)
            .where(_OF.experiment_id == found.experiment_id)
            .values(stopped_on=stopped_on, stop_reason=reason.strip(), stopped_by=who)
        )
        told = {"name": found.name, "stopped_on": stopped_on, "reason": reason.strip()}
        note(work, who=who, action="experiment stopped", details=told)
        return _of_name(connection, ledger.book, name)


def all_experiments(ledger: Ledger) -> tuple[Experiment, ...]:
    """Give the experiments of the book, the oldest first."""
    with ledger.reading() as connection:
        return _all(connection, ledger.book)


def live_experiments(ledger: Ledger) -> tuple[Experiment, ...]:
    """Give those that nobody has stopped, the oldest first."""
    return tuple(one for one in all_experiments(ledger) if one.is_live)


def find_experiment(ledger: Ledger, name: str) -> Experiment:
    """Give the experiment of that name, in any case.

    Raises
    ------
    UnknownNameError
        There is none; those there are are named.
    """
    with ledger.reading() as connection:
        return _of_name(connection, ledger.book, name)


def live_experiment(ledger: Ledger, name: str) -> Experiment:
    """Give the experiment of that name that still draws accounts.

    Raises
    ------
    StateError
        It was stopped.
    UnknownNameError
        There is none of that name.
    """
    found = find_experiment(ledger, name)
    if not found.is_live:
        raise StateError(
            f"the experiment {found.name!r} was stopped on {found.stopped_on} ({found.stop_reason}); it "
            "draws no more accounts: start another"
        )
    return found


def _all(connection: sa.Connection, book: str) -> tuple[Experiment, ...]:
    names = list(Experiment.__dataclass_fields__)
    wanted = sa.select(*(_OF[name] for name in names)).where(_OF.book == book).order_by(_OF.experiment_id)
    return tuple(Experiment(**row) for row in connection.execute(wanted).mappings())


def _found(connection: sa.Connection, book: str, name: str) -> Experiment | None:
    return next((one for one in _all(connection, book) if name_key(one.name) == name_key(name)), None)


def _of_name(connection: sa.Connection, book: str, name: str) -> Experiment:
    found = _found(connection, book, name)
    if found is None:
        known = [one.name for one in _all(connection, book)]
        raise UnknownNameError(
            f"there is no experiment {name!r} in this book; "
            + (f"known: {known}" if known else "none was ever started")
        )
    return found


def _refuse_arms(arms: Mapping[str, float]) -> None:
    if len(arms) < 2:
        raise InputError(f"an experiment compares two arms or more, and has {list(arms)}; name them")
    if any(not 0 < share < 1 for share in arms.values()) or abs(sum(arms.values()) - 1) > 1e-9:
        raise InputError(f"the shares of the arms {dict(arms)} must be above 0 and add up to 1")


def _refuse_seed(seed: int) -> None:
    if not 0 <= seed <= _LARGEST_SEED:
        raise InputError(f"seed = {seed} cannot be; give a whole number from 0 to {_LARGEST_SEED:,}")
