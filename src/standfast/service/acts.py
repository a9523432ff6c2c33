"""What may be written, and by whom: each act checks the right to its account, then writes and is audited."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd

from standfast.adapters.ledger import Ledger
from standfast.adapters.ledger_overrides import add_override, all_overrides, end_override, overrides_on
from standfast.adapters.ledger_snoozes import snooze
from standfast.adapters.ledger_touches import record_outcomes, record_touches
from standfast.errors import UnknownNameError
from standfast.pipelines.campaign_results import keep_contact, keep_contacts
from standfast.pipelines.desk import Desk
from standfast.report.plain_values import plain
from standfast.schema import ACCOUNT_ID
from standfast.service.beside import today
from standfast.service.bodies import OutcomeBody, OverrideBody, ResultBody, SnoozeBody, TouchBody
from standfast.service.callers import Caller
from standfast.service.problems import Problem
from standfast.service.rights import refuse_foreign

Told = Mapping[str, Any]
Act = Callable[["Pen"], Told]


@dataclass(frozen=True, eq=False)
class Pen:
    """Who writes, into which ledger, about the accounts of which desk."""

    ledger: Ledger
    caller: Caller
    desk: Desk

    def refuse_foreign(self, account_id: str) -> None:
        """Refuse to write about an account that is not the caller's."""
        refuse_foreign(self.caller, account_id, self.desk.owner_of(account_id))

    def unknown(self, accounts: Sequence[str]) -> list[str]:
        """Name the accounts that the book does not hold now; what is told of them is kept all the same."""
        return sorted({account for account in accounts if account not in self.desk.place_of})


def add_touches(pen: Pen, touches: Sequence[TouchBody]) -> Told:
    """Keep touches; told again they are the same ones."""
    rows = _rows(pen, touches)
    kept = record_touches(pen.ledger, rows, who=pen.caller.who)
    return {**asdict(kept), "unknown_accounts": pen.unknown(list(rows[ACCOUNT_ID]))}


def add_outcomes(pen: Pen, outcomes: Sequence[OutcomeBody]) -> Told:
    """Keep outcomes; told again they are the same ones."""
    rows = _rows(pen, outcomes)
    kept = record_outcomes(pen.ledger, rows, who=pen.caller.who)
    return {**asdict(kept), "unknown_accounts": pen.unknown(list(rows[ACCOUNT_ID]))}


def make_override(pen: Pen, body: OverrideBody) -> Told:
    """Keep what a person says otherwise, beside what the model says."""
    pen.refuse_foreign(body.account_id)
    refuse_absent(pen.desk, body.account_id)
    _refuse_strange_place(pen.desk, body)
    number = add_override(pen.ledger, **body.model_dump(), who=pen.caller.who)
    return {"override_id": number, **plain(body.model_dump())}


def stop_override(pen: Pen, override_id: int) -> Told:
    """End an override; that it was stays, and a word before it that was not ended stands again."""
    every = all_overrides(pen.ledger)
    found = every[every["override_id"] == override_id]
    if found.empty:
        raise UnknownNameError(f"there is no override {override_id}")
    pen.refuse_foreign(str(found[ACCOUNT_ID].iloc[0]))
    end_override(pen.ledger, override_id, who=pen.caller.who)
    stands = overrides_on(pen.ledger, today(pen.desk)).merge(found[[ACCOUNT_ID, "field"]])
    again = [int(number) for number in stands["override_id"]]
    return {"override_id": override_id, "ended": True, "stands_now": again[0] if again else None}


def put_off(pen: Pen, body: SnoozeBody) -> Told:
    """Put an account off until a day."""
    pen.refuse_foreign(body.account_id)
    refuse_absent(pen.desk, body.account_id)
    number = snooze(pen.ledger, **body.model_dump(), who=pen.caller.who)
    return {"snooze_id": number, **plain(body.model_dump())}


def add_result(pen: Pen, campaign: str, body: ResultBody) -> Told:
    """Keep what came of a campaign's contact."""
    pen.refuse_foreign(body.account_id)
    told = body.model_dump(exclude={"account_id"})
    kept = keep_contact(pen.ledger, name=campaign, account=body.account_id, who=pen.caller.who, **told)
    return dict(plain(kept.summary))


def add_results(pen: Pen, campaign: str, bodies: Sequence[ResultBody]) -> Told:
    """Keep what came of many of a campaign's contacts, all of them or none."""
    for body in bodies:
        pen.refuse_foreign(body.account_id)
    told = [body.model_dump() for body in bodies]
    return dict(plain(keep_contacts(pen.ledger, told, name=campaign, who=pen.caller.who).summary))


def refuse_absent(desk: Desk, account_id: str) -> None:
    """Refuse an account that the book does not hold."""
    if account_id not in desk.place_of:
        raise Problem(404, f"book {desk.settings.book_name!r} has no account {account_id!r} now")


def _rows(pen: Pen, records: Sequence[TouchBody] | Sequence[OutcomeBody]) -> pd.DataFrame:
    for record in records:
        pen.refuse_foreign(record.account_id)
    return pd.DataFrame([record.model_dump() for record in records])


def _refuse_strange_place(desk: Desk, body: OverrideBody) -> None:
    """Refuse a cell or a segment that the matrix does not have."""
    cells = desk.settings.built_matrix.cells
    known = {"segment": [cell.segment for cell in cells], "cell": [cell.name for cell in cells]}
    if body.field in known and body.value not in known[body.field]:
        there = ", ".join(known[body.field])
        raise Problem(
            422, f"value: the matrix has no {body.field} {body.value!r}; it has {there}",
            errors=[{"field": "body.value", "value": body.value, "message": f"no such {body.field}"}],
        )  # fmt: skip
