"""A user's flat table, in standfast's words: roles renamed, labels and revenue read, odd rows set apart."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from standfast.errors import InputError, SettingsError
from standfast.features.flat_cells import refuse_unread, year_first, yearly_factor
from standfast.features.label_values import read_label
from standfast.features.read_policy import ReadPolicy
from standfast.schema import ACCOUNT_ID, ANNUAL_REVENUE, LABELS, OBSERVATION_DATE
from standfast.settings import Settings

MONEY = (ANNUAL_REVENUE, "upsell_value")
MISSING_WORDS = ("", "na", "n/a", "nan", "null", "none", "-")


@dataclass(frozen=True)
class FlatRows:
    """Rows in canonical words, and why the others were set apart.

    Parameters
    ----------
    rows
        Index as in the input; ``annual_revenue`` is per year, labels are nullable booleans.
    rejected
        Reason by index, for the rows that are not in ``rows``.
    excluded
        For each label, how many rows its settings exclude.
    ids
        The account id of every row, rejected ones too.
    """

    rows: pd.DataFrame
    rejected: Mapping[int, str]
    excluded: Mapping[str, int]
    ids: pd.Series


def prepare_flat(table: pd.DataFrame, *, settings: Settings, in_our_words: bool = False) -> FlatRows:
    """Give a flat table in canonical words.

    Parameters
    ----------
    in_our_words
        The table speaks them already, as ``standfast snapshots`` writes it: what the settings say of the
        user's own columns, periods and dates has been done.

    Raises
    ------
    InputError
        The account id or a mapped column is missing, or a label has a value that nobody explained.
    SettingsError
        One column is said to play two roles, or ``[read.accounts]`` says what a flat table cannot mean.
    """
    policy = ReadPolicy() if in_our_words else settings.reading_of("accounts").policy
    refuse_unread(policy, source=settings.source)
    # pandas copies a column when it is written to, and no sooner.
    named = table.copy(deep=False) if in_our_words else year_first(_rename(table, settings), policy=policy)
    if ACCOUNT_ID not in named.columns:
        raise InputError(
            f"the table has no column {ACCOUNT_ID!r} (columns: {_some(table.columns)}); "
            + (
                "rows of a book with events come as standfast snapshots writes them"
                if in_our_words
                else 'name it in standfast.toml: [columns] account_id = "YOUR_COLUMN"'
            )
        )
    named[ACCOUNT_ID] = _as_ids(named[ACCOUNT_ID])
    excluded = _read_labels(named, settings)
    rejected = _reject_money(named) | _reject_shares(named) | _reject_dates(named)
    rejected |= dict.fromkeys(named.index[named[ACCOUNT_ID] == ""], "account_id is empty")
    if ANNUAL_REVENUE in named.columns:
        period = "year" if in_our_words else settings.units.revenue_period
        factor = yearly_factor(policy, revenue_period=period)
        named[ANNUAL_REVENUE] = _number(named[ANNUAL_REVENUE]) * factor
    kept = named.drop(index=list(rejected)) if rejected else named
    return FlatRows(kept, rejected, excluded, named[ACCOUNT_ID])


def refuse_duplicate_ids(ids: pd.Series, *, source: str) -> None:
    """Refuse a table in which an account stands twice; the message names some of them."""
    twice = ids[ids.duplicated() & (ids != "")].unique()
    if len(twice):
        raise InputError(
            f"{source} holds {len(twice)} account ids more than once: {_some(twice)}; "
            "keep one row per account (the newest), then run again"
        )


def known_revenue(revenue: pd.Series) -> pd.Series:
    """Give revenue where it can be believed: a negative figure is a credit or an error, so unknown."""
    return revenue.where(np.isfinite(revenue) & (revenue >= 0))


def _rename(table: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    mapping = settings.columns.accounts
    _refuse_double_use(mapping, settings)
    missing = {name: column for name, column in mapping.items() if column not in table.columns}
    needless = {name for name in missing if name in LABELS}  # a file to score need not know the future
    if set(missing) - needless:
        raise InputError(
            f"the table lacks columns {sorted(set(missing.values()))}, which [columns] of {settings.source} "
            f"names (columns: {_some(table.columns)}); correct [columns], or add them"
        )
    renames = {column: name for name, column in mapping.items() if name not in missing}
    clashes = [name for name in renames.values() if name in table.columns and name not in renames]
    return table.drop(columns=clashes).rename(columns=renames)


def _refuse_double_use(mapping: Mapping[str, str], settings: Settings) -> None:
    """Refuse a column that is said to be two things."""
    for column in mapping.values():
        names = sorted(name for name, mapped in mapping.items() if mapped == column)
        if len(names) > 1:
            raise SettingsError(
                f"{settings.source}: [columns] gives {column!r} to {' and '.join(names)}; a column of a flat "
                "table plays one role: keep one, or add a copy of the column"
            )


def _as_ids(values: pd.Series) -> pd.Series:
    """Give ids as text; a whole number that a missing cell beside it turned into 7.0 is 7 again."""
    text = values.astype("string").fillna("").str.strip()
    if pd.api.types.is_float_dtype(values.dtype):
        text = text.str.removesuffix(".0")
    return text.astype(str)


def _read_labels(named: pd.DataFrame, settings: Settings) -> dict[str, int]:
    """Turn the label columns into nullable booleans, in place; count what the settings exclude."""
    excluded = {}
    for label in LABELS:
        if label in named.columns:
            answer = read_label(named[label], spec=settings.labels.get(label), name=label)
            named[label] = answer.values  # noqa: PD011  (a field of ReadLabel)
            excluded[label] = int(answer.excluded.sum())
    if "churned" in named.columns:
        for label in {"contracted", "expanded"} & set(named.columns):
            named[label] = named[label].mask(named["churned"].fillna(value=False).astype(bool))
    return excluded


def _reject_money(named: pd.DataFrame) -> dict[int, str]:
    rejected: dict[int, str] = {}
    for column in {*MONEY} & set(named.columns):
        values = named[column]
        bad = _number(values).isna() & _says_something(values)
        bad |= np.isinf(_number(values))
        rejected |= {i: f"{column}: {values.loc[i]!r} is not an amount" for i in named.index[bad]}
    return rejected


def _reject_shares(named: pd.DataFrame) -> dict[int, str]:
    if "gross_margin" not in named.columns:
        return {}
    values = named["gross_margin"]
    bad = _says_something(values) & ~_number(values).between(0, 1)
    return {i: f"gross_margin: {values.loc[i]!r} is not a share from 0 to 1" for i in named.index[bad]}


def _reject_dates(named: pd.DataFrame) -> dict[int, str]:
    """Read the dates in place; a date that cannot be read is no missing date."""
    if OBSERVATION_DATE not in named.columns:
        return {}
    values = named[OBSERVATION_DATE]
    dates = pd.to_datetime(values, errors="coerce", format="ISO8601", utc=True)
    named[OBSERVATION_DATE] = dates.dt.tz_localize(None)
    bad = _says_something(values) & named[OBSERVATION_DATE].isna()
    return {
        i: f"{OBSERVATION_DATE}: {values.loc[i]!r} is not a date such as 2024-03-01" for i in named.index[bad]
    }


def _says_something(values: pd.Series) -> pd.Series:
    """Say which cells hold more than a word for nothing, such as "n/a"."""
    return values.notna() & ~values.astype(str).str.strip().str.lower().isin(MISSING_WORDS)


def _number(values: pd.Series) -> pd.Series:
    return pd.to_numeric(values, errors="coerce").astype(float)


def _some(names: object, most: int = 8) -> str:
    listed = [str(name) for name in names]  # type: ignore[attr-defined]
    return ", ".join(listed[:most]) + (f" and {len(listed) - most} more" if len(listed) > most else "")
