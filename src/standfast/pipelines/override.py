"""Let a person say what the model does not know, see what was said, and take it back (U3)."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from standfast.adapters.ledger_overrides import add_override, all_overrides, clean_value, end_override
from standfast.errors import InputError, did_you_mean
from standfast.pipelines.book_ledger import book_ledger, reading_ledger
from standfast.pipelines.engines import open_duckdb
from standfast.pipelines.record_files import accounts_of_book
from standfast.settings import Settings


@dataclass(frozen=True, eq=False)
class Overrides:
    """Overrides as the ledger holds them, one row each, and the numbers of those just made."""

    rows: pd.DataFrame
    made: tuple[int, ...] = ()

    @property
    def summary(self) -> Mapping[str, Any]:
        """Plain values for a machine."""
        return {"made": list(self.made), "overrides": self.rows}


def override_account(
    settings: Settings, account_id: str, *, said: Mapping[str, str], reason: str, until: date | None, who: str
) -> Overrides:
    """Keep what a person says of an account: of several fields each is an override of its own.

    Raises
    ------
    InputError
        Nothing is said, a value cannot be, the day is missing, or the book has no such account.
    """
    if not said or until is None or not reason.strip():
        raise InputError(
            "say what is otherwise, why and until when: standfast override ACCOUNT --churn-probability .6 "
            '--reason "..." --until 2026-12-31'
        )
    values = {name: fit_value(settings, name, value) for name, value in said.items()}
    refuse_stranger(settings, account_id)
    with (
        book_ledger(settings) as ledger,
        ledger.together() as work,
    ):
        made = [
            add_override(
                work, account_id=account_id, field=name, value=value, reason=reason, until=until, who=who
            )
            for name, value in values.items()
        ]
        rows = all_overrides(work, account_id=account_id)
    return Overrides(rows[rows["override_id"].isin(made)].reset_index(drop=True), tuple(made))


def list_overrides(settings: Settings, account_id: str | None = None) -> Overrides:
    """Give all overrides that were ever made, of one account or of all."""
    with reading_ledger(settings) as ledger:
        if ledger is None:
            return Overrides(pd.DataFrame())
        return Overrides(all_overrides(ledger, account_id=account_id))


def take_back(settings: Settings, override_id: int, *, who: str) -> Overrides:
    """Let an override stand no more.

    Raises
    ------
    InputError
        There is none of that number.
    """
    with book_ledger(settings) as ledger:
        end_override(ledger, override_id, who=who)
        rows = all_overrides(ledger)
    return Overrides(rows[rows["override_id"] == override_id].reset_index(drop=True))


def fit_value(settings: Settings, name: str, value: str) -> str:
    """Give a value as the matrix of the settings spells it.

    Raises
    ------
    InputError
        There is no such field, probability, segment or cell.
    """
    clean = clean_value(name, value)
    matrix = settings.built_matrix
    known = {"segment": matrix.segments, "cell": matrix.cell_names}.get(name)
    if known is None:
        return clean
    spelled = {one.casefold(): one for one in known}
    if clean.casefold() not in spelled:
        near = difflib.get_close_matches(clean.casefold(), list(spelled), n=1, cutoff=0.0)[0]
        raise InputError(
            f"there is no {name} {clean!r} in the matrix; the nearest is {spelled[near]!r}, all are: "
            f"{', '.join(known)}"
        )
    return spelled[clean.casefold()]


def refuse_stranger(settings: Settings, account_id: str) -> None:
    """Refuse an account that the book's accounts table does not hold; without such a table any may be.

    Raises
    ------
    InputError
        Names the nearest there are.
    """
    if settings.book.accounts is None:
        return
    with open_duckdb(settings) as engine:
        known = accounts_of_book(engine, settings).astype("str")
    if account_id not in set(known):
        hint = did_you_mean(account_id, known) or "standfast score lists those there are"
        raise InputError(f"book {settings.book_name!r} has no account {account_id!r}; {hint}")
