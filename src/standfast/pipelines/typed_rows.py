"""Rows as rules read them: a flat table's figures, which come as text, as the numbers the models see."""

import pandas as pd

from standfast.features.catalogue import CATALOGUE
from standfast.features.kinds import column_kind
from standfast.schema import ACCOUNT_ID, LABELS


def typed_rows(rows: pd.DataFrame) -> pd.DataFrame:
    """Give the rows with text columns that hold numbers as numbers.

    A column with the name of one of our figures, but with words in it, says nothing to our rules: unknown.
    """
    typed = {}
    for name in rows.columns:
        if name in {ACCOUNT_ID, *LABELS} or pd.api.types.is_numeric_dtype(rows[name].dtype):
            continue
        kind = column_kind(rows[name])
        if kind.kind == "number" and kind.numbers is not None:
            typed[name] = pd.Series(kind.numbers, index=rows.index)
        elif name in CATALOGUE and CATALOGUE[name].unit:
            typed[name] = pd.to_numeric(rows[name].astype("str"), errors="coerce").astype(float)
    return rows.assign(**typed)
