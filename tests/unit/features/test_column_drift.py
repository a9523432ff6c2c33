"""A column on another scale, or with other words, is told; growth, seasons and luck are not."""

import numpy as np
import pandas as pd
import pytest

from standfast.features.column_drift import largest_change, number_finding, stability_index, text_finding
from standfast.features.table_look import BUCKETS_PER_DECADE

RNG = np.random.default_rng(7)
MONTHS = pd.date_range("2023-01-01", periods=18, freq="MS", unit="s")
LEAST = 0.5


def numbers(scale_since: dict[int, float], n: int = 200, *, spread: float = 1.0) -> pd.DataFrame:
    """Rows by month and bucket of a lognormal amount, multiplied from some month on."""
    parts, scale = [], 1.0
    for place, month in enumerate(MONTHS):
        scale = scale_since.get(place, scale)
        amounts = RNG.lognormal(4.0, spread, n) * scale
        buckets = np.round(np.log10(amounts) * BUCKETS_PER_DECADE).astype(int) + 1000
        parts.append(pd.DataFrame({"month": month, "amount": buckets}))
    return pd.concat(parts).groupby(["month", "amount"], as_index=False).size().rename(columns={"size": "n"})


def words(shares_since: dict[int, dict[str, float]], n: int = 200) -> pd.DataFrame:
    parts, shares = [], shares_since[0]
    for place, month in enumerate(MONTHS):
        shares = shares_since.get(place, shares)
        drawn = RNG.choice(list(shares), n, p=list(shares.values()))
        parts.append(pd.DataFrame({"month": month, "priority": drawn}))
    return (
        pd.concat(parts).groupby(["month", "priority"], as_index=False).size().rename(columns={"size": "n"})
    )


def test_the_index_is_that_of_the_formula() -> None:
    p, q = np.array([0.5, 0.3, 0.2]), np.array([0.2, 0.3, 0.5])
    expected = ((q - p) * np.log(q / p)).sum()
    assert stability_index(p * 1e9, q * 1e9) == pytest.approx(expected)


def test_cents_that_became_euros_are_a_shift_of_a_hundred() -> None:
    (finding,) = number_finding("invoices", "amount", numbers({11: 0.01}), least=LEAST)
    assert (finding.name, finding.severity) == ("shift:invoices.amount", "warning")
    assert "2023-12 on" in finding.explanation
    assert "times smaller" in finding.explanation
    factor = float(finding.explanation.split("about ")[1].split(" times")[0])
    assert 60 < factor < 160
    assert "convert the older rows" in finding.way_out


@pytest.mark.parametrize("times", [12.0, 60.0])
def test_a_larger_unit_is_a_shift_upwards(times: float) -> None:
    (finding,) = number_finding(
        "usage", "quantity", numbers({9: times}).rename(columns={"amount": "quantity"}), least=LEAST
    )
    assert "times as large from 2023-10 on" in finding.explanation


@pytest.mark.parametrize(
    "steady",
    [
        numbers({}),
        numbers({}, n=12),
        numbers({place: 1.04**place for place in range(18)}),
        numbers({9: 1.2}),
        numbers({place: 1.0 + 0.3 * (place % 3 == 0) for place in range(18)}),
    ],
    ids=["luck", "few rows", "growth", "a price rise", "a season"],
)
def test_what_a_number_does_in_normal_months_is_no_shift(steady: pd.DataFrame) -> None:
    assert not list(number_finding("invoices", "amount", steady, least=LEAST))


def test_a_single_price_for_all_that_rises_is_a_note() -> None:
    """True, but no change of the unit."""
    (finding,) = number_finding("invoices", "amount", numbers({9: 1.5}, spread=0.01), least=LEAST)
    assert finding.severity == "note"


def test_zeros_have_no_scale() -> None:
    zeros = pd.DataFrame({"month": MONTHS, "amount": 0, "n": 200})
    zeros.loc[9:, "amount"] = 1008
    (finding,) = number_finding("usage", "amount", zeros, least=LEAST)
    assert "was 1 before and is 10 since" in finding.explanation


def test_words_that_were_renamed_are_a_warning_with_both() -> None:
    renamed = words({0: {"high": 0.3, "low": 0.7}, 10: {"P1": 0.3, "P3": 0.7}})
    (finding,) = text_finding("tickets", "priority", renamed, least=LEAST)
    assert (finding.name, finding.severity) == ("shift:tickets.priority", "warning")
    assert "from 2023-11 on" in finding.explanation
    assert "new: 'P3' (7" in finding.explanation
    assert "gone: 'low' (" in finding.explanation


def test_a_word_that_is_only_new_is_a_note() -> None:
    launched = words({0: {"a": 0.5, "b": 0.5}, 8: {"a": 0.3, "b": 0.3, "export": 0.4}})
    (finding,) = text_finding("usage", "priority", launched, least=LEAST)
    assert finding.severity == "note"
    assert "new: 'export'" in finding.explanation
    assert "gone" not in finding.explanation


def test_words_in_steady_shares_are_no_finding() -> None:
    for shares in ({"a": 0.5, "b": 0.5}, {"a": 0.97, "b": 0.02, "c": 0.01}):
        assert not list(text_finding("tickets", "priority", words({0: shares}), least=LEAST))


def test_a_column_that_always_jumps_has_no_change_of_its_own() -> None:
    """The yardstick is the column's own normal month."""
    turns = {
        place: ({"a": 0.9, "b": 0.1} if (place // 3) % 2 else {"a": 0.1, "b": 0.9}) for place in range(18)
    }
    assert not list(text_finding("usage", "priority", words(turns), least=LEAST))


def test_months_with_hardly_a_row_are_not_judged() -> None:
    few = pd.DataFrame({"a": [10, 10, 0, 0], "b": [0, 0, 10, 10]}, index=MONTHS[:4])
    assert largest_change(few, least=LEAST) is None
    assert largest_change(few * 10, least=LEAST) is not None
