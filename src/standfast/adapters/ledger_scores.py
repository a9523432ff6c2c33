"""Scores in the ledger, over time: each run is kept once, in narrow rows that name accounts by number."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import sqlalchemy as sa

from standfast.adapters.ledger import Ledger, now
from standfast.adapters.ledger_bulk import insert_columns
from standfast.adapters.ledger_rows import insert_frame, insert_one, read_rows
from standfast.adapters.ledger_score_tables import SCORE_RUNS, SCORED_ACCOUNTS, SCORES
from standfast.decision.columns import numbers

SCORE_FIGURES = (
    "churn_probability", "churn_low", "churn_high", "contraction_probability", "upsell_probability",
    "annual_revenue", "reward",
)  # fmt: skip
_RUN, _WHO, _SCORE = SCORE_RUNS.c, SCORED_ACCOUNTS.c, SCORES.c


def keep_scores(ledger: Ledger, scores: pd.DataFrame, *, as_of: date, model_version: str | None) -> int:
    """Keep the scores of a day and give their run's number; the same scores again are the same run.

    Parameters
    ----------
    scores
        ``account_id``, and as many of the figures, ``priority``, ``cell`` and ``segment`` as are known.
    """
    rows = _narrow(scores)
    print_ = _fingerprint(rows, as_of=as_of, model_version=model_version)
    with ledger.writing() as connection:
        same = sa.select(_RUN.run_id).where(
            _RUN.book == ledger.book, _RUN.as_of == as_of, _RUN.fingerprint == print_
        )
        if (known := connection.execute(same).scalar()) is not None:
            return int(known)
        run = {
            "book": ledger.book, "as_of": as_of, "model_version": model_version, "made_at": now(),
            "n_scores": len(rows), "fingerprint": print_, "cells": _cells(scores),
        }  # fmt: skip
        run_id = insert_one(connection, SCORE_RUNS, run)
        numbered = rows.assign(
            account_no=_numbers(connection, ledger.book, rows["account_id"]), run_id=run_id
        )
        insert_columns(connection, SCORES, numbered.sort_values("account_no"))
    return run_id


def score_runs(ledger: Ledger) -> pd.DataFrame:
    """Give one row per run kept, by day: which model made it, when, and how many scores."""
    wanted = sa.select(_RUN.run_id, _RUN.as_of, _RUN.model_version, _RUN.made_at, _RUN.n_scores)
    with ledger.reading() as connection:
        return read_rows(connection, wanted.where(_RUN.book == ledger.book).order_by(_RUN.as_of, _RUN.run_id))


def account_scores(ledger: Ledger, account_id: str) -> pd.DataFrame:
    """Give an account's scores over time, one row per day: of several made for a day the newest counts."""
    wanted = (
        sa.select(
            _RUN.run_id, _RUN.as_of, _RUN.model_version, *(_SCORE[name] for name in SCORE_FIGURES),
            _SCORE.priority, _RUN.cells,
        )
        .join_from(SCORES, SCORE_RUNS, _SCORE.run_id == _RUN.run_id)
        .join(SCORED_ACCOUNTS, _WHO.account_no == _SCORE.account_no)
        .where(_WHO.book == ledger.book, _WHO.account_id == account_id)
        .order_by(_RUN.as_of, _RUN.run_id)
    )  # fmt: skip
    with ledger.reading() as connection:
        newest = {row.as_of: row for row in connection.execute(wanted)}
    return _history(list(newest.values()))


def _history(rows: list[Any]) -> pd.DataFrame:
    """Give rows as a frame, made column by column: a page waits for it."""
    places = [_place(row.cells, row.priority) for row in rows]
    figures = {name: [getattr(row, name) for row in rows] for name in (*SCORE_FIGURES, "priority")}
    return pd.DataFrame(
        {
            "run_id": np.array([row.run_id for row in rows], dtype=np.int64),
            "as_of": np.array([row.as_of for row in rows], dtype="datetime64[s]"),
            "model_version": pd.array([row.model_version for row in rows], dtype="str"),
            **{name: np.array(values, dtype=np.float64) for name, values in figures.items()},
            "cell": pd.array([cell for cell, _ in places], dtype="str"),
            "segment": pd.array([segment for _, segment in places], dtype="str"),
        }
    )


def _narrow(scores: pd.DataFrame) -> pd.DataFrame:
    """Give the columns that are kept, typed, by account."""
    rows = scores.reindex(columns=["account_id", *SCORE_FIGURES, "priority"])
    figures = {name: numbers(rows, name) for name in (*SCORE_FIGURES, "priority")}
    typed = rows.assign(account_id=rows["account_id"].astype("str"), **figures)
    return typed.sort_values("account_id", ignore_index=True)


def _fingerprint(rows: pd.DataFrame, *, as_of: date, model_version: str | None) -> str:
    found = hashlib.sha256(f"{as_of}\n{model_version}\n".encode())
    found.update("\n".join(rows["account_id"]).encode("utf-8", "surrogatepass"))
    figures = rows.drop(columns="account_id").to_numpy(dtype="<f8")
    found.update(np.ascontiguousarray(np.where(np.isnan(figures), np.nan, figures)).tobytes())
    return found.hexdigest()


def _cells(scores: pd.DataFrame) -> dict[str, list[str]]:
    """Give which cell and segment each priority is."""
    if not {"priority", "cell", "segment"} <= set(scores.columns):
        return {}
    known = scores[["priority", "cell", "segment"]].dropna().drop_duplicates("priority")
    return {
        str(int(rank)): [str(cell), str(segment)] for rank, cell, segment in known.itertuples(index=False)
    }


def _place(cells: Mapping[str, Sequence[str]], priority: int | None) -> tuple[str | None, str | None]:
    cell, segment = cells.get(str(priority), (None, None))
    return cell, segment


def _numbers(connection: sa.Connection, book: str, accounts: pd.Series) -> list[int]:
    """Give the number of each account; whoever is new gets one."""
    names = accounts.tolist()
    known = _known(connection, book)
    if new := [name for name in names if name not in known]:
        insert_frame(connection, SCORED_ACCOUNTS, pd.DataFrame({"account_id": new}), book=book)
        known = _known(connection, book)
    return [known[name] for name in names]


def _known(connection: sa.Connection, book: str) -> dict[str, int]:
    found = connection.execute(sa.select(_WHO.account_id, _WHO.account_no).where(_WHO.book == book))
    return {row.account_id: row.account_no for row in found}
