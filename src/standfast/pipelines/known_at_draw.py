"""What is known of an account on the day of a draw: kept with its arm, since it cannot be found out later."""

from typing import Any

import pandas as pd

from standfast.adapters.ledger_rows import plain_json
from standfast.decision.columns import numbers
from standfast.decision.guards import signs_of_sleep
from standfast.learning.holdout import CHANCE_WANTED
from standfast.learning.sleepers import SIGNS
from standfast.schema import ASSIGNMENT_COLUMNS
from standfast.settings import Settings


def known_at_draw(drawn: pd.DataFrame, settings: Settings) -> pd.Series:
    """Give a mapping for each account drawn: its signs of sleep, the chance wanted, and its modifiers.

    Modifiers that the assignments have a column for anyway are not kept twice; those that the scores lack,
    or do not know of an account, are left out.
    """
    columns: dict[str, Any] = {SIGNS: signs_of_sleep(drawn, guards=settings.guards)}
    columns |= {CHANCE_WANTED: drawn[CHANCE_WANTED].to_numpy()} if CHANCE_WANTED in drawn else {}
    names = [one for one in settings.learning.modifiers if one in drawn and one not in ASSIGNMENT_COLUMNS]
    columns |= {name: numbers(drawn, name) for name in names}
    rows = pd.DataFrame(columns, index=drawn.index).to_dict("records")
    told = plain_json(rows)
    known = [{name: value for name, value in row.items() if value is not None} for row in told]
    return pd.Series(known, index=drawn.index, dtype=object)


def known_of(rows: pd.DataFrame, name: str) -> pd.Series:
    """Give one thing that was known of assignments at their draw; NaN where it was not, or was not kept."""
    known = rows["known"] if "known" in rows else pd.Series(dtype=object, index=rows.index)
    return pd.Series([_mapping(one).get(name) for one in known], index=rows.index, dtype="float64")


def with_known(rows: pd.DataFrame) -> pd.DataFrame:
    """Give assignments with a column for each thing that was known of any of them at its draw."""
    names = sorted({name for one in rows["known"] for name in _mapping(one)} - set(rows.columns))
    return rows.assign(**{name: known_of(rows, name) for name in names})


def _mapping(known: Any) -> dict[str, Any]:
    """Give what was kept; nothing for assignments of before anything was."""
    return known if isinstance(known, dict) else {}
