"""Accounts of a book as they were last seen, one at a time: what is asked of them is filled up from it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from standfast.errors import UnknownNameError, did_you_mean
from standfast.pipelines.observe import observe_current
from standfast.pipelines.one_account import AccountScorer
from standfast.pipelines.score import refuse_other_book
from standfast.pipelines.scoring import load_scorer
from standfast.schema import ACCOUNT_ID
from standfast.settings import Settings


@dataclass(frozen=True, eq=False)
class BookRows:
    """The rows of a book in standfast's words, found by account without a look at the others."""

    current: pd.DataFrame

    def filled(self, account: Mapping[str, Any]) -> tuple[dict[str, Any], int]:
        """Give an account's cells, those that are not given as the book has them, and how many these are.

        An account that the book does not hold stays as it is given.
        """
        place = self._place_of.get(str(account.get(ACCOUNT_ID)))
        if place is None:
            return dict(account), 0
        seen = {name: cells[place] for name, cells in self._columns.items() if name not in account}
        return {**seen, **account}, len(seen)

    def of(self, account_id: str) -> dict[str, Any]:
        """Give an account's cells as the book has them.

        Raises
        ------
        UnknownNameError
            The book does not hold it.
        """
        if account_id not in self._place_of:
            near = did_you_mean(account_id, self._place_of)
            raise UnknownNameError(f"the book does not hold account {account_id!r} now; {near}".rstrip("; "))
        return self.filled({ACCOUNT_ID: account_id})[0]

    @cached_property
    def _place_of(self) -> Mapping[str, int]:
        return {str(account): place for place, account in enumerate(self.current[ACCOUNT_ID])}

    @cached_property
    def _columns(self) -> Mapping[str, Any]:
        return {str(name): self.current[name].array for name in self.current}


@dataclass(frozen=True, eq=False)
class BookScorer:
    """A champion and its book, read once: scores any account of it, as it is or as it might be."""

    scorer: AccountScorer
    rows: BookRows

    def score_one(
        self, account_id: str, changed: Mapping[str, Any] | None = None, *, n_reasons: int = 0
    ) -> dict[str, Any]:
        """Give the scores of an account of the book.

        Parameters
        ----------
        changed
            Features in standfast's words that are to be taken for another value than the book's.

        Raises
        ------
        UnknownNameError
            The book does not hold the account.
        InputError
            A cell cannot be read.
        """
        account = self.rows.of(account_id) | dict(changed or {})
        return self.scorer.score_one(account, n_reasons=n_reasons)


def open_book(settings: Settings) -> BookScorer:
    """Give a book and its champion as they are now, to score single accounts within milliseconds.

    Raises
    ------
    InputError
        The book cannot be read.
    StateError
        There is no champion of this book.
    """
    scorer = load_scorer(Path(settings.paths.models), settings=settings)
    refuse_other_book(scorer, settings)
    in_our_words = replace(scorer, is_flat=False)  # as the reader of the book gives also those of a flat one
    return BookScorer(AccountScorer(in_our_words), BookRows(observe_current(settings).current))
