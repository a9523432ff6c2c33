"""The data usability report in figures: tables, observation dates and labels, as plain values."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from standfast.features.class_counts import date_facts, label_facts
from standfast.features.table_facts import TableFacts
from standfast.features.usability import labels_in
from standfast.pipelines.observe import ObservedBook
from standfast.schema import ACCOUNT_ID, OBSERVATION_DATE
from standfast.settings import Settings

DataFacts = Mapping[str, list[dict[str, Any]]]


def data_facts(observed: ObservedBook, *, settings: Settings) -> DataFacts:
    """Give what is known of each table, each observation date and each label of a book.

    ``tables`` are rows used and set aside, duplicates, accounts matched, dates, blanks by column and by
    month; ``dates`` are snapshots, yes and known rows of each label, and accounts left out by reason;
    ``labels`` are counts over all dates and the step of the model ladder they allow.
    """
    labels = labels_in(observed.snapshots)
    accounts = observed.snapshots[ACCOUNT_ID]
    tables = observed.tables or (_flat_table(observed),)
    return {
        "tables": [_table(facts) for facts in tables],
        "dates": [
            asdict(day) | {"labels": {name: {"yes": y, "known": n} for name, (y, n) in day.labels.items()}}
            for day in date_facts(observed.snapshots, labels, left_out=observed.left_out_on)
        ],
        "labels": [
            asdict(facts) | {"share": facts.share}
            for facts in label_facts(labels, accounts=accounts, ladder=ladder_of(settings))
        ],
    }


def ladder_of(settings: Settings) -> tuple[int, int]:
    """Give the events from which a fitted model, and boosted trees, are allowed."""
    return settings.model.scorecard_below, settings.model.logistic_below


def _table(facts: TableFacts) -> dict[str, Any]:
    return asdict(facts) | {
        "n_set_aside": facts.n_set_aside,
        "match_share": facts.match_share,
        "accounts_share": facts.accounts_share,
    }


def _flat_table(observed: ObservedBook) -> TableFacts:
    """Give a flat table in figures; its rows are accounts, and rejected ones carry their reason."""
    rows = observed.snapshots
    days = rows[OBSERVATION_DATE].dropna() if OBSERVATION_DATE in rows else ()
    n_accounts = int(rows[ACCOUNT_ID].nunique())
    reasons = Counter(observed.rejected.values())
    return TableFacts(
        name="accounts",
        n_rows=observed.counts.get("rows", len(rows)),
        n_used=len(rows),
        n_orphans=0,
        n_accounts=n_accounts,
        n_book=n_accounts,
        first=min(days).date() if len(days) else None,
        last=max(days).date() if len(days) else None,
        reasons={f"row set aside: {reason}": n for reason, n in reasons.items()},
        missing={str(name): float(share) for name, share in rows.isna().mean().items()},
    )
