"""An Excel workbook of tables: real dates and numbers, text that stays text, a header that stays in sight."""

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from standfast.adapters.formula_safety import looks_like_formula

if TYPE_CHECKING:
    import pandas as pd

MOST_SIGNS = 31
"""Excel takes no longer name of a sheet."""
MOST_CELL_SIGNS = 32_000
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_RESERVED = "history"
_EPOCH = datetime(2000, 1, 1)  # noqa: DTZ001  (Excel knows no time zones)


@dataclass(frozen=True, eq=False)
class Sheet:
    """One table of the workbook.

    Parameters
    ----------
    widths
        Width of a column in signs; 14 where it is not named. Those of 30 and more wrap their text.
    formats
        Excel's number format of a column, such as "#,##0".
    """

    name: str
    rows: "pd.DataFrame"
    widths: Mapping[str, float] = field(default_factory=dict)
    formats: Mapping[str, str] = field(default_factory=dict)


def workbook_bytes(sheets: Sequence[Sheet], *, title: str, made_on: date | None) -> bytes:
    """Give the workbook; the same tables and day give the same bytes."""
    import xlsxwriter  # noqa: PLC0415  (importing this module must stay cheap)

    written = io.BytesIO()
    told = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
            "in_memory": True, "nan_inf_to_errors": True}  # fmt: skip
    with xlsxwriter.Workbook(written, told) as book:
        created = datetime.combine(made_on, time()) if made_on else _EPOCH
        book.set_properties({"title": title, "author": "standfast", "created": created})
        for sheet, name in zip(sheets, sheet_names([sheet.name for sheet in sheets]), strict=True):
            _write(book, book.add_worksheet(name), sheet)
    return written.getvalue()


def sheet_names(wanted: Sequence[str]) -> list[str]:
    """Give names that Excel takes: short, of allowed signs, no two alike whatever their case.

    >>> sheet_names(["Ann/Berg", "ann:berg", "", "x" * 40])
    ['Ann Berg', 'ann berg (2)', 'Sheet', 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx']
    """
    names: list[str] = []
    for asked in wanted:
        plain = _FORBIDDEN.sub(" ", asked).strip().strip("'").strip() or "Sheet"
        plain = f"{plain} " if plain.casefold() == _RESERVED else plain
        taken = {name.casefold() for name in names}
        name, place = _cut(plain, ""), 1
        while name.casefold() in taken:
            place += 1
            name = _cut(plain, f" ({place})")
        names.append(name)
    return names


def _cut(name: str, ending: str) -> str:
    """Cut a name to what Excel counts as 31 signs (one beyond the basic plane counts two)."""
    while len((name + ending).encode("utf-16-le", "replace")) // 2 > MOST_SIGNS:
        name = name[:-1]
    return name.rstrip("'") + ending


def _write(book: Any, page: Any, sheet: Sheet) -> None:
    head = book.add_format(
        {"bold": True, "bg_color": "#dbe7f0", "bottom": 1, "valign": "top", "text_wrap": True}
    )
    page.freeze_panes(1, 0)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
    page.hide_gridlines(0)
    for place, name in enumerate(sheet.rows.columns):
        width = sheet.widths.get(name, 14)
        look = {"valign": "top", "text_wrap": width >= 30}
        cell = book.add_format({**look, "num_format": sheet.formats.get(name, "General")})
        quoted = book.add_format({**look, "quote_prefix": True})
        page.set_column(place, place, width, cell)
        page.write_string(0, place, str(name), head)
        for row, value in enumerate(sheet.rows[name].tolist(), start=1):
            _write_cell(page, (row, place), value, cell, quoted)
    n_rows, n_columns = sheet.rows.shape
    if n_columns:
        page.autofilter(0, 0, max(n_rows, 1), n_columns - 1)


def _write_cell(page: Any, at: tuple[int, int], value: Any, cell: Any, quoted: Any) -> None:
    """Write one value as what it is; text is never run, whatever it begins with."""
    if value is None or value != value:  # noqa: PLR0124  (NaN and NaT)
        page.write_blank(*at, None, cell)
    elif isinstance(value, (date, datetime)):
        page.write_datetime(*at, value, cell)
    elif isinstance(value, (int, float)):
        page.write_number(*at, value, cell)
    else:
        text = str(value)[:MOST_CELL_SIGNS].encode("utf-8", "replace").decode("utf-8")
        page.write_string(*at, text, quoted if looks_like_formula(text) else cell)
