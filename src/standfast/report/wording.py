"""Numbers as people say them: 1.2 M, 96 k, 8.5 %, 82 times in 100; an unknown one is a dash, never "nan"."""

import math
from typing import Any, TypeGuard

import pandas as pd

UNKNOWN = "\u2013"
MINUS = "\u2212"
GLUE = "\u00a0"
"""Keeps a number and its unit on one line."""

_UNITS = ((1.0, ""), (1e3, "k"), (1e6, "M"), (1e9, "B"))


def is_known(value: Any) -> TypeGuard[Any]:
    """Tell whether there is anything to show: not None, NaN, NaT, infinite or blank."""
    if value is None or value is pd.NaT or value is pd.NA:
        return False
    if isinstance(value, str):
        return bool(value.strip())
    try:
        return math.isfinite(value)
    except (TypeError, ValueError, OverflowError):
        return True


def as_text(value: Any) -> Any:
    """Give the value as it is, or the dash for an unknown one; Jinja calls it on every expression."""
    if isinstance(value, str):
        return value if value.strip() or not value else UNKNOWN
    return value if is_known(value) else UNKNOWN


def money(value: Any, currency: str = "") -> str:
    r"""Say an amount in at most three digits and a unit.

    >>> money(1_234_567, "USD").replace(GLUE, " ")
    '1.2 M USD'
    >>> money(96_400), money(float("nan")) == UNKNOWN
    ('96\xa0k', True)
    """
    if not is_known(value):
        return UNKNOWN
    size = abs(float(value))
    scale, unit = next((step for step in _UNITS if _short(size / step[0]) < 1000), _UNITS[-1])
    number = _short(size / scale)
    digits = f"{number:,.1f}".removesuffix(".0") if unit and number < 10 else f"{number:,.0f}"
    sign = MINUS if value < 0 and digits != "0" else ""
    return GLUE.join(part for part in (sign + digits, unit, currency) if part)


def _short(number: float) -> float:
    return round(number, 1) if number < 10 else float(round(number))


def percent(value: Any) -> str:
    """Say a share as a percentage.

    >>> percent(0.0851).replace(GLUE, " "), percent(0.00001).replace(GLUE, " ")
    ('8.5 %', '<0.1 %')
    """
    if not is_known(value):
        return UNKNOWN
    shown = 100 * float(value)
    if 0 < abs(shown) < 0.05:
        return f"<0.1{GLUE}%"
    digits = f"{abs(shown):.1f}".removesuffix(".0") if abs(shown) < 9.95 else f"{abs(shown):.0f}"
    return f"{MINUS if shown < 0 else ''}{digits}{GLUE}%"


def count(value: Any) -> str:
    """Say a whole number with its thousands apart."""
    return f"{round(float(value)):,}".replace("-", MINUS) if is_known(value) else UNKNOWN


def counted(value: Any, one: str, many: str = "") -> str:
    """Say how many of a thing there are.

    >>> counted(1, "account").replace(GLUE, " "), counted(2, "reply", "replies").replace(GLUE, " ")
    ('1 account', '2 replies')
    """
    word = one if is_known(value) and round(float(value)) == 1 else (many or one + "s")
    return f"{count(value)}{GLUE}{word}"


def hours(value: Any) -> str:
    """Say a number of hours: 0.5 h, 12 h, 1,170 h."""
    if not is_known(value):
        return UNKNOWN
    number = _short(float(value))
    return f"{number:,.1f}".removesuffix(".0") + f"{GLUE}h"


def figure(value: Any, digits: int = 3) -> str:
    """Say a metric with a fixed number of decimals."""
    return f"{float(value):.{digits}f}".replace("-", MINUS) if is_known(value) else UNKNOWN


def day(value: Any, *, with_year: bool = True) -> str:
    """Say a date as 7 Dec 2026; what is no date stays as it is."""
    if not is_known(value):
        return UNKNOWN
    stamp = pd.to_datetime(value, errors="coerce")
    if pd.isna(stamp):
        return str(value)
    year = f"{GLUE}{stamp.year}" if with_year else ""
    return f"{stamp.day}{GLUE}{stamp.month_name()[:3]}{year}"


def times_in_100(value: Any) -> str:
    """Say a probability as a count out of a hundred."""
    return count(100 * float(value)) if is_known(value) else UNKNOWN


def rounded(value: Any) -> Any:
    """Round a number to three digits, as many as a reason needs; leave anything else as it is."""
    is_number = is_known(value) and isinstance(value, (int, float)) and not isinstance(value, bool)
    return float(f"{value:.3g}") if is_number and abs(value) < 1000 else value


def spoken(name: Any) -> str:
    """Turn a column name into words: ``usage_trend_90d`` is "usage trend 90d"."""
    return str(name).replace("_", " ").strip() if is_known(name) else UNKNOWN


def sentence(text: Any) -> str:
    """Give the text a capital and a full stop, leaving the rest as it was written."""
    words = str(text).strip() if is_known(text) else ""
    if not words:
        return ""
    return words[0].upper() + words[1:] + ("" if words[-1] in ".!?" else ".")


def plain(value: Any) -> str:
    """Say any value of a settings or detail table: numbers shortened, lists joined, unknown a dash."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (list, tuple, set, frozenset)):
        return ", ".join(plain(item) for item in value) or UNKNOWN
    if isinstance(value, dict):
        return ", ".join(f"{spoken(key)}: {plain(item)}" for key, item in value.items()) or UNKNOWN
    if not is_known(value):
        return UNKNOWN
    if isinstance(value, float) or hasattr(value, "dtype"):
        return f"{float(value):,.6g}".replace("-", MINUS)
    return f"{value:,}".replace("-", MINUS) if isinstance(value, int) else str(value)
