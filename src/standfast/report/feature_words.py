"""A feature's figure as a customer-success manager says it: a share in percent, a trend as up or down."""

import math
from typing import Any

from standfast.features.catalogue import FeatureMeaning
from standfast.report.wording import GLUE, is_known, money, percent, plain, rounded, spoken


def figure_words(value: Any, unit: str, *, currency: str = "") -> str:
    """Say a figure in its unit.

    >>> figure_words(-0.41, "log ratio").replace(GLUE, " "), figure_words(0.62, "share").replace(GLUE, " ")
    ('down 34 %', '62 %')
    >>> figure_words(-17.2, "days").replace(GLUE, " "), figure_words(1, "1 or 0")
    ('17 days early', 'yes')
    """
    if not is_known(value):
        return "unknown"
    if isinstance(value, bool) or unit == "1 or 0":
        return "yes" if value else "no"
    if not isinstance(value, (int, float)):
        return plain(value)
    return _number_words(float(value), unit, currency)


def _number_words(value: float, unit: str, currency: str) -> str:
    if unit == "log ratio":
        return _trend(math.expm1(min(value, 20.0)))
    if unit == "share":
        return percent(value)
    if unit.startswith("money"):
        return money(value, currency)
    if unit == "days":
        n_days = round(abs(value))
        return f"{n_days:,}{GLUE}{'day' if n_days == 1 else 'days'}{' early' if value <= -1 else ''}"
    return plain(rounded(value))


def _trend(change: float) -> str:
    if abs(change) < 0.005:
        return "steady"
    return f"{'up' if change > 0 else 'down'}{GLUE}{percent(abs(change))}"


def feature_words(meaning: FeatureMeaning, value: Any, *, currency: str = "") -> str:
    """Say a feature and its figure: "open tickets: 4"."""
    return f"{spoken(meaning.label)}: {figure_words(value, meaning.unit, currency=currency)}"


def change_words(meaning: FeatureMeaning, before: Any, after: Any, *, currency: str = "") -> str:
    """Say what a feature was and is: "seats fell from 20 to 12"."""
    was, now = (figure_words(value, meaning.unit, currency=currency) for value in (before, after))
    label = spoken(meaning.label)
    numeric = all(
        isinstance(value, (int, float)) and not isinstance(value, bool) for value in (before, after)
    )
    if not numeric or meaning.unit == "1 or 0":
        return f"{label}: {now}, was {was}"
    return f"{label} {'rose' if after > before else 'fell'} from {was} to {now}"
