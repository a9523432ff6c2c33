"""Excel workbooks, read back by another's reader."""

import io
from datetime import date

import openpyxl
import pandas as pd
import pytest

from standfast.adapters.workbook import MOST_SIGNS, Sheet, sheet_names, workbook_bytes

HOSTILE = [
    '=HYPERLINK("http://x")', "+1", "-2+3", "@SUM(A1)", "<script>", "a\nb", "\U0001f600", "شركة", "W" * 500,
    "http://x.example", "00123", "{=1+1}", "'=x",
]  # fmt: skip


def opened(rows, **options):
    content = workbook_bytes([Sheet("Ann", rows, **options)], title="Lists", made_on=date(2026, 1, 1))
    return openpyxl.load_workbook(io.BytesIO(content))


@pytest.mark.parametrize("text", HOSTILE)
def test_text_stays_text_whatever_it_begins_with(text):
    cell = opened(pd.DataFrame({"name": [text]}))["Ann"]["A2"]
    assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)


def test_what_looks_like_a_formula_is_marked_as_text():
    page = opened(pd.DataFrame({"name": ["=1+1", "Acme"]}))["Ann"]
    assert [page["A2"].quotePrefix, bool(page["A3"].quotePrefix)] == [True, False]


def test_dates_and_numbers_are_real():
    rows = pd.DataFrame(
        {"due_on": pd.to_datetime(["2026-01-05", None]), "minutes": [60, 30], "worth": [1.5, None]}
    )
    page = opened(rows, formats={"due_on": "yyyy-mm-dd"})["Ann"]
    assert page["A2"].value == pd.Timestamp("2026-01-05")
    assert page["A2"].is_date
    assert [page["A3"].value, page["B2"].value, page["C2"].value, page["C3"].value] == [None, 60, 1.5, None]


def test_the_header_stays_in_sight_and_filters():
    page = opened(pd.DataFrame({"a": [1], "b": [2]}), widths={"a": 40})["Ann"]
    assert page.freeze_panes == "A2"
    assert page.auto_filter.ref == "A1:B2"
    assert page.column_dimensions["A"].width == pytest.approx(40, abs=1)


def test_an_empty_table_has_its_header():
    page = opened(pd.DataFrame({"a": pd.Series(dtype=str)}))["Ann"]
    assert [page["A1"].value, page["A2"].value] == ["a", None]


def test_the_same_tables_give_the_same_bytes():
    sheets = [Sheet("Ann", pd.DataFrame({"a": ["x"]}))]
    once, again = (workbook_bytes(sheets, title="Lists", made_on=date(2026, 1, 1)) for _ in range(2))
    assert once == again
    assert openpyxl.load_workbook(io.BytesIO(once)).properties.created == pd.Timestamp("2026-01-01")
    workbook_bytes(sheets, title="Lists", made_on=None)


@pytest.mark.parametrize(
    "name", ["a[b]:c*d?e/f\\g", "'quoted'", "History", "\U0001f600" * 40, "../../x", "", "  "]
)
def test_a_sheet_has_a_name_that_excel_takes(name):
    (given,) = sheet_names([name])
    assert given
    assert len(given.encode("utf-16-le")) // 2 <= MOST_SIGNS
    assert not set(given) & set("[]:*?/\\")
    assert given.casefold() != "history"
    workbook_bytes([Sheet(name, pd.DataFrame({"a": [1]}))], title="x", made_on=None)


def test_no_two_sheets_are_called_alike():
    names = sheet_names(["Ann", "ANN", "ann", "x" * 50, "x" * 60])
    assert len({name.casefold() for name in names}) == 5
