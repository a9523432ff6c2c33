"""Look at a user's tables and write the settings file they would have written."""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from standfast.adapters.tables import read_flat_table, stream_flat_table, write_table, write_text
from standfast.decision.outreach import plan_outreach
from standfast.errors import InputError
from standfast.features.book_guess import BookGuess, guess_book
from standfast.features.id_columns import id_texts
from standfast.features.identifier_guess import WRITTEN
from standfast.features.settings_text import render_settings
from standfast.pipelines.outputs import refuse_to_replace_input
from standfast.pipelines.place import place_strangers
from standfast.pipelines.plan import plan_policy
from standfast.schema import ACCOUNT_ID, ANNUAL_REVENUE
from standfast.settings import PERIODS_PER_YEAR, Settings, build_settings, load_settings

SAMPLE_ROWS = 50_000
LARGE_ACCOUNT = 0.9
EVEN_ODDS = 0.5


@dataclass(frozen=True)
class InitSummary:
    """The settings file written, and what was guessed with its reason."""

    settings: str
    guesses: tuple[str, ...]
    warnings: tuple[str, ...]
    text: str


def init(tables: Sequence[Path], *, output: Path, force: bool = False) -> InitSummary:
    """Write a settings file for the tables, and give what was guessed.

    Raises
    ------
    InputError
        A table cannot be read, no account id is to be found, or a settings file is there already.
    """
    if output.exists() and not force:
        raise InputError(
            f"{output} is already there; keep it, replace it with --force, or write elsewhere with -o FILE"
        )
    refuse_to_replace_input(output, Settings(), *tables)
    paths = {_seen_from(output.parent, path): path for path in tables}
    book, frames = _look(paths)
    if book.roles.account_id is None:
        columns = ", ".join(map(str, next(iter(frames.values())).columns[:12]))
        raise InputError(
            f"no column of {book.tables[0].file_name if book.tables else tables[0]} tells accounts apart "
            f"(columns: {columns}); add one with a unique id per account"
        )
    made = {output.parent / name: rows for name, rows in _tables_made(book, frames, paths)}
    for path in made:
        refuse_to_replace_input(path, Settings(), *tables)
        if path.exists() and not force:
            raise InputError(f"{path} is already there; give it as a table, or replace it with --force")
    for path, rows in made.items():
        write_table(rows, path)
    text = _render(book, frames)
    write_text(text, output)
    load_settings(output)
    return InitSummary(str(output), tuple(book.lines), tuple(book.warnings), text)


def _look(paths: Mapping[str, Path]) -> tuple[BookGuess, dict[str, pd.DataFrame]]:
    """Guess from the first rows of each file; where each row matters, from all of them."""
    samples = {name: _first_rows(path) for name, path in paths.items()}
    frames = {name: frame for name, (frame, _) in samples.items()}
    book = guess_book(frames)
    whole = {book.accounts.file_name} if book.accounts else set()
    whole |= book.identifiers.file_names if book.identifiers else set()
    if not (cut := [name for name in whole if name in paths and not samples[name][1]]):
        return book, frames
    frames |= {name: read_flat_table(paths[name]) for name in cut}
    return guess_book(frames), frames


def _first_rows(path: Path) -> tuple[pd.DataFrame, bool]:
    """Give a file's first rows, and whether they are all."""
    batches = stream_flat_table(path, batch_rows=SAMPLE_ROWS)
    first = next(batches)
    return first, next(batches, None) is None


def _tables_made(
    book: BookGuess, frames: Mapping[str, pd.DataFrame], paths: Mapping[str, Path]
) -> Iterator[tuple[str, pd.DataFrame]]:
    """Give the tables that no file holds as the settings need them, by the name they are to get."""
    if book.ids_of is not None and book.accounts is not None:
        ids: set[str] = set()
        for batch in stream_flat_table(paths[book.ids_of.file_name]):
            ids.update(id_texts(batch[book.ids_of.columns[ACCOUNT_ID]].drop_duplicates()))
        yield book.accounts.file_name, pd.DataFrame({ACCOUNT_ID: sorted(ids)})
    if book.identifiers is not None and book.identifiers.is_rewritten:
        yield WRITTEN, book.identifiers.joined(frames)


def _seen_from(folder: Path, path: Path) -> str:
    """Give the path as the settings file in ``folder`` should write it."""
    if path.is_absolute():
        return str(path)
    return Path(os.path.relpath(path, folder)).as_posix()


def _render(book: BookGuess, frames: dict[str, pd.DataFrame]) -> str:
    revenue = _large_revenue(book, frames)
    defaults = Settings()
    if revenue is None or _a_call_can_pay(revenue, defaults):
        return render_settings(book)
    return render_settings(
        book,
        hourly_cost=0,
        capacity_note=f"the team's hours are paid anyway; at {defaults.capacity.hourly_cost:g} an hour "
        f"no call could pay on accounts of this size (nine in ten pay less than {revenue:,.0f} a year)",
    )


def _large_revenue(book: BookGuess, frames: dict[str, pd.DataFrame]) -> float | None:
    """Give the yearly revenue that only one account in ten passes; None where revenue is unknown."""
    column = book.roles.annual_revenue
    accounts = frames.get(book.accounts.file_name) if book.accounts else None
    if column is None or accounts is None or column not in accounts:
        return None
    paid = pd.to_numeric(accounts[column], errors="coerce") * PERIODS_PER_YEAR[book.revenue_period]
    if book.accounts and ANNUAL_REVENUE in book.accounts.reading.settings.get("cents", ()):
        paid /= 100
    paid = paid[np.isfinite(paid) & (paid > 0)]
    return float(paid.quantile(LARGE_ACCOUNT)) if len(paid) else None


def _a_call_can_pay(revenue: float, settings: Settings) -> bool:
    """Say whether the plan would call a large account at even odds of leaving, if it had the hours."""
    account = pd.DataFrame(
        {
            "account_id": ["large"],
            "churn_probability": [EVEN_ODDS],
            "upsell_probability": [0.0],
            "annual_revenue": [revenue],
            "upsell_value": [0.0],
        }
    )
    planned = plan_outreach(
        place_strangers(account, settings=settings),
        policy=plan_policy(settings, build_settings({"capacity": {"hours": 100.0}}).capacity),
    )
    return bool((planned.lines["hours"] > 0).any())
