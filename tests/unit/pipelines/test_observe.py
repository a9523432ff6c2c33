"""What makes two models comparable, and two trainings equal."""

import pandas as pd
import pytest

from standfast.errors import SettingsError
from standfast.pipelines.observe import book_fingerprint, refuse_no_book, rows_fingerprint
from standfast.settings import Settings, build_settings

BOOK = {"book": {"accounts": "a.csv"}, "columns": {"churned": "left"}}


def test_settings_that_do_not_change_the_label_keep_the_book_the_same():
    plain = book_fingerprint(build_settings(BOOK))
    assert book_fingerprint(build_settings({**BOOK, "capacity": {"hours": 3}, "model": {"seed": 9}})) == plain


@pytest.mark.parametrize(
    "change",
    [
        {"book": {"accounts": "b.csv"}},
        {"columns": {"churned": "gone"}},
        {"labels": {"churned": {"true": ["x"]}}},
        {"horizon": {"horizon_days": 60}},
        {"horizon": {"lead_days": 7}},
    ],
)
def test_another_book_label_or_horizon_is_not_comparable(change):
    assert book_fingerprint(build_settings({**BOOK, **change})) != book_fingerprint(build_settings(BOOK))


def test_the_rows_fingerprint_sees_every_cell_and_name():
    rows = pd.DataFrame({"a": [1, 2], "b": ["x", None]})
    assert rows_fingerprint(rows) == rows_fingerprint(rows.copy())
    assert rows_fingerprint(rows) != rows_fingerprint(rows.assign(b=["x", "y"]))
    assert rows_fingerprint(rows) != rows_fingerprint(rows.rename(columns={"b": "c"}))


def test_settings_without_a_book_point_to_init():
    for settings in (Settings(), build_settings({"capacity": {"hours": 3}}, source="x.toml")):
        with pytest.raises(SettingsError, match="standfast init"):
            refuse_no_book(settings)
