"""Ids are compared as they are read, and only what tells one account for each id translates."""

import numpy as np
import pandas as pd

from standfast.features.id_columns import Ids, id_texts, translations
from standfast.features.table_guess import TableGuess


def found(mapping: pd.DataFrame, ids: list[str]) -> list[str]:
    frames = {
        "accounts.csv": pd.DataFrame({"Id": ["A", "B", "C"]}),
        "map.csv": mapping,
        "tickets.csv": pd.DataFrame({"org": ids}),
    }
    tickets = TableGuess("tickets.csv", "tickets", "by its name", {"account_id": "org"})
    return [match.by.column for match in translations(Ids(frames, "accounts.csv", "Id"), tickets, 0.0)]


def test_ids_are_compared_as_they_are_read() -> None:
    assert list(id_texts(pd.Series([17850.0, np.nan]))) == ["17850"]
    assert list(id_texts(pd.Series([" 007 ", "", None]))) == ["007"]


def test_small_numbers_translate_only_where_a_name_makes_them_ids() -> None:
    assert found(pd.DataFrame({"account": ["A", "B", "C"], "seats": [1, 2, 3]}), ["1", "2"]) == []
    assert found(pd.DataFrame({"account": ["A", "B", "C"], "org_id": [1, 2, 3]}), ["1", "2"]) == ["org_id"]


def test_an_id_of_two_accounts_translates_nothing() -> None:
    assert found(pd.DataFrame({"account": ["A", "B"], "org_id": ["900", "900"]}), ["900"]) == []


def test_a_file_that_knows_no_account_translates_nothing() -> None:
    assert found(pd.DataFrame({"account": ["X", "Y"], "org_id": ["900", "901"]}), ["900"]) == []
