"""What the best accounts are like and need, to design offers with them in mind (O4)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from standfast.adapters.engine import DuckDbEngine
from standfast.adapters.tables import write_table
from standfast.decision.dimensions import column_groups
from standfast.decision.profile import account_traits, profile_accounts
from standfast.decision.spend_tiers import LISTS
from standfast.errors import InputError
from standfast.pipelines.engines import open_engine
from standfast.pipelines.load import load_table, rows_if_any
from standfast.pipelines.observe import ObservedBook, observe_current, refuse_no_book
from standfast.pipelines.outputs import refuse_to_replace_input
from standfast.pipelines.segments import segment_frame
from standfast.schema import ACCOUNT_ID
from standfast.settings import Settings

if TYPE_CHECKING:
    import ibis.expr.types as ir

Say = Callable[[str], None]
TICKET_DAYS, USAGE_DAYS = 365, 90
TOPICS = ("topic", "category", "subject", "type", "reason", "area")
"""Columns of tickets beyond the canonical ones that say what they are about."""


@dataclass(frozen=True, eq=False)
class Profile:
    """Shares of the A list against all others, trait by trait."""

    rows: pd.DataFrame
    n_accounts: int
    n_others: int
    as_of: date | None
    confidence: float
    output: str | None = None

    @property
    def summary(self) -> Mapping[str, Any]:
        """Plain values for a machine."""
        return {**vars(self)}


def profile(
    settings: Settings,
    *,
    output: Path | None = None,
    as_of: date | None = None,
    say: Say = lambda _: None,
) -> Profile:
    """Give products, plans, industries, sizes, use, headroom, tickets and NPS of the A list against others.

    Raises
    ------
    InputError
        The book cannot be read, or the revenue of no account is known, so that there is no A list.
    """
    refuse_no_book(settings)
    if output is not None:
        refuse_to_replace_input(output, settings)
    say(f"reading book {settings.book_name!r}")
    found = profile_of(observe_current(settings, as_of=as_of), settings)
    if output is None:
        return found
    write_table(found.rows, output)
    return replace(found, output=str(output))


def profile_of(observed: ObservedBook, settings: Settings) -> Profile:
    """Give the profile of a book that is observed already; see ``profile``."""
    frame = segment_frame(observed, observed.current[[ACCOUNT_ID]].astype("str"), settings=settings)
    if not frame["spend_list"].notna().any():
        raise InputError(f"{settings.book_name!r} knows no revenue, so it has no list A; map annual_revenue")
    traits = _traits(settings, frame, observed.as_of)
    traits = traits[traits[ACCOUNT_ID].isin(frame[ACCOUNT_ID])].reset_index(drop=True)
    is_best = (frame["spend_list"] == LISTS[0]).to_numpy(dtype=bool, na_value=False)
    confidence = settings.evidence.confidence
    best = dict(zip(frame[ACCOUNT_ID], is_best, strict=True))
    rows = profile_accounts(traits, best, confidence=confidence)
    n_best = int(is_best.sum())
    return Profile(rows, n_best, len(frame) - n_best, observed.as_of, confidence)


def _traits(settings: Settings, frame: pd.DataFrame, as_of: date | None) -> pd.DataFrame:
    """Give one row per account and trait: what it is like today, and what happened there lately."""
    if settings.is_flat or as_of is None:
        return account_traits(frame)
    with open_engine(settings) as engine:
        today = _of_accounts(engine, settings, frame)
        happened = _happened(engine, settings, as_of)
    return pd.concat([account_traits(pd.concat([frame, today], axis=1)), *happened])


def _of_accounts(engine: DuckDbEngine, settings: Settings, frame: pd.DataFrame) -> pd.DataFrame:
    """Give today's columns of accounts that the snapshots do not have, in the order of the frame."""
    wanted = ("product", "plan", "industry", "country", "employees")
    accounts = load_table(engine, settings, "accounts").table
    names = [name for name in wanted if name in accounts.columns and name not in frame]
    today: pd.DataFrame = accounts.select(ACCOUNT_ID, *names).to_pandas()
    by_id = today.astype({ACCOUNT_ID: "str"}).set_index(ACCOUNT_ID)
    return by_id.reindex(frame[ACCOUNT_ID]).set_axis(frame.index)


def _happened(engine: DuckDbEngine, settings: Settings, as_of: date) -> list[pd.DataFrame]:
    """Give what accounts used lately and what their tickets were about, as traits."""
    use = {"event": "used in 90 days"}
    about = {name: f"{name} of tickets in a year" for name in ("priority", *TOPICS)}
    return [
        *_words_of(engine, settings, "usage", use, since=as_of - timedelta(USAGE_DAYS), to=as_of),
        *_words_of(engine, settings, "tickets", about, since=as_of - timedelta(TICKET_DAYS), to=as_of),
    ]


def _words_of(
    engine: DuckDbEngine,
    settings: Settings,
    table: str,
    about: Mapping[str, str],
    *,
    since: date,
    to: date,
) -> list[pd.DataFrame]:
    """Give one row per account and word of a column between two dates."""
    rows = rows_if_any(engine, settings, table)
    if rows is None:
        return []
    day = (rows.day if table == "usage" else rows.opened_at).cast("date")
    recent = rows.filter(day >= since, day < to)
    spelled = {column.lower(): column for column in rows.columns}
    met = {spelled[name]: told for name, told in about.items() if name in spelled}
    return [_trait(engine.fetched(_pairs(recent, name)).to_pandas(), told) for name, told in met.items()]


def _pairs(rows: "ir.Table", name: str) -> "ir.Table":
    return rows.select(rows[ACCOUNT_ID].cast("string").name(ACCOUNT_ID), rows[name].name("group")).distinct()


def _trait(pairs: pd.DataFrame, about: str) -> pd.DataFrame:
    groups = column_groups(pairs["group"].astype("str"))
    found = pd.DataFrame({ACCOUNT_ID: pairs[ACCOUNT_ID].astype("str"), "about": about, "group": groups})
    return found.dropna(subset=["group"])
