"""Start a campaign: the accounts that a new offer is for, the best ones first (O1)."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from standfast.adapters.ledger import Ledger
from standfast.adapters.ledger_audit import NOBODY
from standfast.adapters.ledger_campaigns import Campaign, add_campaign, refuse_taken_name
from standfast.decision.campaign import list_accounts
from standfast.decision.campaign_policy import in_list_order
from standfast.decision.columns import Bools
from standfast.decision.expression import Expression, parse_expression, refuse_unknown_columns
from standfast.decision.holds import holds
from standfast.errors import InputError
from standfast.pipelines.book_ledger import book_ledger, reading_ledger
from standfast.pipelines.campaign_look import date_of, held_back_because
from standfast.pipelines.campaign_words import one_line
from standfast.pipelines.observe import ObservedBook, observe_current, refuse_no_book
from standfast.pipelines.overridden import Overridden, score_as_persons_say
from standfast.pipelines.score import refuse_other_book
from standfast.pipelines.scoring import load_scorer
from standfast.pipelines.segments import KNOWN_COLUMNS, segment_frame
from standfast.schema import ACCOUNT_ID
from standfast.settings import Settings

Say = Callable[[str], None]
TOP_LIST = "A"


@dataclass(frozen=True, eq=False)
class Started:
    """A campaign that has begun: its lists, and what is worth knowing of them."""

    campaign: Campaign
    lists: pd.DataFrame
    notes: tuple[str, ...]
    currency: str

    @property
    def summary(self) -> Mapping[str, Any]:
        """Plain values for a machine."""
        return {**asdict(self.campaign), "accounts_by_list": self.lists, "notes": self.notes}


@dataclass(frozen=True)
class Asked:
    """A campaign that is asked for.

    Parameters
    ----------
    named, lists
        The lists that were named, and those it goes through: an experiment leaves the top one out.
    """

    name: str
    offer: str
    named: tuple[str, ...]
    lists: tuple[str, ...]
    wanted: Expression | None
    is_experimental: bool


def start_campaign(
    settings: Settings,
    *,
    name: str,
    offer: str,
    where: str | None = None,
    lists: tuple[str, ...] | None = None,
    is_experimental: bool = False,
    as_of: date | None = None,
    who: str = NOBODY,
    say: Say = lambda _: None,
) -> Started:
    """Give a new campaign: the accounts that the offer is for, list by list, and who is held back now.

    Parameters
    ----------
    where
        An expression that says whom the offer is for; None: everyone on the lists.
    is_experimental
        The offer is not proven yet, so the best accounts are left alone (C5).

    Raises
    ------
    InputError
        The expression cannot be read, or nobody is left to contact.
    StateError
        There is a campaign of that name, or no champion of this book.
    """
    refuse_no_book(settings)
    asked = asked_for(
        settings, name=name, offer=offer, where=where, lists=lists, is_experimental=is_experimental
    )
    with reading_ledger(settings) as there:
        if there is not None:
            refuse_taken_name(there, asked.name)
    observed, told = _scored(settings, as_of=as_of, say=say)
    frame = segment_frame(observed, told.scores, settings=settings, with_own_columns=asked.wanted is not None)
    with book_ledger(settings) as ledger:
        begun = begin_campaign(ledger, asked, frame, settings=settings, day=date_of(observed), who=who)
    return replace(begun, notes=(*begun.notes, *told.notes))


def asked_for(
    settings: Settings,
    *,
    name: str,
    offer: str,
    where: str | None = None,
    lists: tuple[str, ...] | None = None,
    is_experimental: bool = False,
) -> Asked:
    """Give what is asked for, checked; see ``start_campaign``."""
    name, offer = one_line(name, called="the campaign's name"), one_line(offer, called="the offer", most=500)
    named = in_list_order(lists or settings.campaigns.lists)
    chosen = _without_top(named) if is_experimental else named
    wanted = parse_expression(where) if where else None
    return Asked(name, offer, named, chosen, wanted, is_experimental=is_experimental)


def begin_campaign(
    ledger: Ledger, asked: Asked, frame: pd.DataFrame, *, settings: Settings, day: date, who: str
) -> Started:
    """Keep a new campaign with the accounts of a frame that the offer is for; see ``segment_frame``.

    Raises
    ------
    InputError
        The expression names a column that is not there, or nobody is left to contact.
    StateError
        There is a campaign of that name.
    """
    for_whom = _for_whom(asked.wanted, frame)
    accounts = list_accounts(frame, lists=asked.lists, wanted=for_whom)
    if accounts.empty:
        told = f" where {asked.wanted.text}" if asked.wanted else ""
        raise InputError(
            f"campaign {asked.name!r}: no account of lists {', '.join(asked.lists)}{told}; "
            "widen where or lists"
        )
    reasons = held_back_because(ledger, frame, accounts, settings, campaign=None)
    listed = accounts.assign(suppressed_because=accounts[ACCOUNT_ID].map(reasons))
    campaign = add_campaign(
        ledger, name=asked.name, offer=asked.offer, as_of=day, terms=_terms(asked, settings), accounts=listed,
        who=who,
    )  # fmt: skip
    notes = (*_held_back(listed), *_notes(frame, asked, for_whom=for_whom))
    return Started(campaign, _by_list(listed, asked.lists), notes, settings.units.currency)


def _terms(asked: Asked, settings: Settings) -> dict[str, Any]:
    """Give what is settled with the start: later settings change no figure of the campaign."""
    return {
        **asdict(settings.campaigns), "lists": list(asked.lists),
        "hourly_cost": settings.capacity.hourly_cost, "is_experimental": asked.is_experimental,
        "where": asked.wanted.text if asked.wanted else None,
    }  # fmt: skip


def _scored(settings: Settings, *, as_of: date | None, say: Say) -> tuple[ObservedBook, Overridden]:
    """Give the accounts of the book, and their scores with what persons say instead."""
    scorer = load_scorer(Path(settings.paths.models), settings=settings)
    refuse_other_book(scorer, settings)
    say(f"reading book {settings.book_name!r}")
    observed = observe_current(settings, as_of=as_of)
    date_of(observed)
    return observed, score_as_persons_say(observed, scorer, settings=settings)


def _for_whom(wanted: Expression | None, frame: pd.DataFrame) -> Bools | None:
    if wanted is None:
        return None
    refuse_unknown_columns(wanted, {*frame.columns, *KNOWN_COLUMNS})
    return holds(wanted, frame).true


def _without_top(lists: tuple[str, ...]) -> tuple[str, ...]:
    """Leave out the best accounts: these get proven plays only (C5)."""
    chosen = tuple(name for name in lists if name != TOP_LIST)
    if not chosen:
        raise InputError(
            f"an experimental campaign leaves list {TOP_LIST} out; name another in --lists, such as B"
        )
    return chosen


def _by_list(accounts: pd.DataFrame, lists: tuple[str, ...]) -> pd.DataFrame:
    worth = accounts["upsell_probability"] * accounts["upsell_value"]
    table = accounts.assign(worth=worth, held_back=accounts["suppressed_because"].notna())
    found = table.groupby("list").agg(
        n_accounts=(ACCOUNT_ID, "size"), n_held_back=("held_back", "sum"),
        annual_revenue=("annual_revenue", "sum"), expected_worth=("worth", "sum"),
    )  # fmt: skip
    return found.reindex(list(lists), fill_value=0).reset_index()


def _held_back(accounts: pd.DataFrame) -> list[str]:
    held = [f"{n:,} {why}" for why, n in accounts["suppressed_because"].value_counts().items()]
    return [f"held back now: {'; '.join(held)}; they come back when the reason ends"] if held else []


def _notes(frame: pd.DataFrame, asked: Asked, *, for_whom: Bools | None) -> tuple[str, ...]:
    notes, chosen = [], asked.lists
    if asked.named != chosen:
        notes.append(
            f"experimental: list {TOP_LIST} is left out, its accounts get proven offers only; efforts are "
            f"compared with list {chosen[0]}"
        )
    elif chosen[0] != TOP_LIST:
        notes.append(f"careful, list {TOP_LIST} is left out; efforts are compared with list {chosen[0]}")
    unlisted = int((frame["spend_list"].isna() & (True if for_whom is None else for_whom)).sum())
    if unlisted:
        notes.append(f"{unlisted:,} accounts are on no list, because their revenue is not known")
    if not np.isfinite(frame["upsell_probability"].astype(float)).any():
        notes.append("no model knows who may expand, so the lists go by revenue alone")
    return tuple(notes)
