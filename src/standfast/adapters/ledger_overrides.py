"""Overrides in the ledger: where a person knows better, until when, why; beside what the model said (U3)."""

from datetime import date
from typing import Any

import pandas as pd
import sqlalchemy as sa

from standfast.adapters.ledger import Ledger, now
from standfast.adapters.ledger_audit import note
from standfast.adapters.ledger_people_tables import OVERRIDES
from standfast.adapters.ledger_rows import insert_one, read_rows
from standfast.adapters.ledger_scores import account_scores
from standfast.decision.overrides import OVERRIDDEN_PROBABILITIES
from standfast.errors import InputError, UnknownNameError

FIELDS = (*OVERRIDDEN_PROBABILITIES, "segment", "cell")
"""What a person may say otherwise."""
_OF = OVERRIDES.c
_SHOWN = (
    _OF.override_id, _OF.account_id, _OF.field, _OF.value, _OF.model_value, _OF.model_version, _OF.reason,
    _OF.until, _OF.made_at, _OF.made_by, _OF.ended_at, _OF.ended_by,
)  # fmt: skip


def add_override(
    ledger: Ledger, *, account_id: str, field: str, value: str, reason: str, until: date, who: str
) -> int:
    """Keep what a person says of an account, beside the model's newest word, and give its number.

    Of several that say something of the same field the newest counts; the others stay.

    Parameters
    ----------
    until
        The last day on which it stands.

    Raises
    ------
    InputError
        The field or the value cannot be, or the reason is missing.
    """
    said = clean_value(field, value)
    if not reason.strip():
        raise InputError(f"say why {field} of {account_id!r} is another; others will ask: give a reason")
    with ledger.together() as work, work.writing() as connection:
        model_value, model_version = _model_word(work, account_id, field)
        row = {
            "book": ledger.book, "account_id": account_id, "field": field, "value": said,
            "reason": reason.strip(),
            "until": until, "made_at": now(), "made_by": who, "model_value": model_value,
            "model_version": model_version,
        }  # fmt: skip
        number = insert_one(connection, OVERRIDES, row)
        details = {
            "override_id": number,
            "field": field,
            "value": said,
            "model_value": model_value,
            "until": until,
        }
        note(work, who=who, action="override made", account_id=account_id, details=details)
    return number


def end_override(ledger: Ledger, override_id: int, *, who: str) -> None:
    """Let an override stand no more; what it was stays. One that has ended stays as it is.

    Raises
    ------
    UnknownNameError
        There is no override of that number.
    """
    this = sa.and_(_OF.book == ledger.book, _OF.override_id == override_id)
    with ledger.together() as work, work.writing() as connection:
        found = connection.execute(sa.select(_OF.account_id, _OF.ended_at).where(this)).first()
        if found is None:
            raise UnknownNameError(f"there is no override {override_id}; see: standfast override --list")
        if found.ended_at is None:
            connection.execute(sa.update(OVERRIDES).where(this).values(ended_at=now(), ended_by=who))
            details = {"override_id": override_id}
            note(work, who=who, action="override ended", account_id=found.account_id, details=details)


def overrides_on(ledger: Ledger, day: date) -> pd.DataFrame:
    """Give what stands on a day: of each account and field the newest that has neither ended nor expired."""
    wanted = _of_book(ledger).where(_OF.until >= day, _OF.ended_at.is_(None))
    with ledger.reading() as connection:
        found = read_rows(connection, wanted)
    newest = found.drop_duplicates(["account_id", "field"], keep="last")
    return newest.sort_values(["account_id", "override_id"], ignore_index=True)


def count_overrides(ledger: Ledger) -> tuple[int, int]:
    """Give how many were ever made, and how many of them were ended: another count, another plan."""
    wanted = sa.select(sa.func.count(), sa.func.count(_OF.ended_at)).where(_OF.book == ledger.book)
    with ledger.reading() as connection:
        n_made, n_ended = connection.execute(wanted).one()
    return n_made, n_ended


def expired_overrides(ledger: Ledger, day: date, *, since: date) -> pd.DataFrame:
    """Give those whose last day lay before ``day``, and not before ``since``, that nothing has replaced."""
    wanted = _of_book(ledger).where(_OF.until >= since, _OF.ended_at.is_(None))
    with ledger.reading() as connection:
        found = read_rows(connection, wanted).drop_duplicates(["account_id", "field"], keep="last")
    return found[found["until"] < pd.Timestamp(day)].reset_index(drop=True)


def all_overrides(ledger: Ledger, *, account_id: str | None = None) -> pd.DataFrame:
    """Give all that were ever made, of one account or of all, in the order in which they were."""
    wanted = _of_book(ledger)
    if account_id is not None:
        wanted = wanted.where(_OF.account_id == account_id)
    with ledger.reading() as connection:
        return read_rows(connection, wanted)


def clean_value(field: str, value: str) -> str:
    """Give the value of an override as it is kept.

    Raises
    ------
    InputError
        The field is none that may be overridden, or has no such value.

    Examples
    --------
    >>> clean_value("churn_probability", ".60")
    '0.6'
    """
    if field not in FIELDS:
        raise InputError(f"{field!r} cannot be overridden; choose one of {', '.join(FIELDS)}")
    if field not in OVERRIDDEN_PROBABILITIES:
        if not value.strip():
            raise InputError(f"{field} needs a value, such as Save")
        return value.strip()
    try:
        number = float(value)
    except ValueError:
        number = -1.0
    if not 0 <= number <= 1:
        raise InputError(f"{field} = {value!r} is no probability; give a number from 0 to 1, such as .6")
    return repr(number)


def _of_book(ledger: Ledger) -> sa.Select[Any]:
    return sa.select(*_SHOWN).where(_OF.book == ledger.book).order_by(_OF.override_id)


def _model_word(ledger: Ledger, account_id: str, field: str) -> tuple[str | None, str | None]:
    """Give what the newest scores that are kept say of the field, and which model said it."""
    scores = account_scores(ledger, account_id)
    if scores.empty:
        return None, None
    newest = scores.iloc[-1]
    told, version = newest[field], newest["model_version"]
    word = None if pd.isna(told) else repr(float(told)) if field in OVERRIDDEN_PROBABILITIES else str(told)
    return word, None if pd.isna(version) else str(version)
