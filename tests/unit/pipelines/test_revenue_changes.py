"""R5, R7: how much changes moved in this book is kept with the models, and told of one account."""

import pandas as pd

from standfast.pipelines.observe import ObservedBook
from standfast.pipelines.places import place_lines, place_of
from standfast.pipelines.revenue_changes import (
    RevenueChanges,
    change_amounts,
    change_lines,
    revenue_changes_of,
)
from standfast.settings import build_settings

SETTINGS = build_settings({})


def observed(*, is_flat=False):
    rows = [
        row
        for number in range(60)
        for row in (
            (f"A{number}", "2026-01-01", 1000.0, number < 30, number >= 30),
            (f"A{number}", "2026-04-01", 1500.0 if number < 30 else 600.0, False, False),
        )
    ]
    columns = ["account_id", "observation_date", "annual_revenue", "expanded", "contracted"]
    frame = pd.DataFrame(rows, columns=columns)
    return ObservedBook(snapshots=frame, current=frame, as_of=None, is_flat=is_flat)


def test_both_kinds_of_change_are_learned_and_come_back_from_the_manifest():
    changes = revenue_changes_of(observed(), settings=SETTINGS)
    assert round(changes.contracted.whole.share, 2) == round((30 * 0.4 + 20 * 0.25) / 50, 2)
    assert changes.contracted.whole.middle == 0.4
    assert changes.expanded.whole.n_accounts == 30
    assert RevenueChanges.from_dict(changes.to_dict()) == changes
    assert "contractions took 34" in changes.sentences[1]


def test_one_account_is_told_amounts_for_accounts_like_it():
    changes = revenue_changes_of(observed(), settings=SETTINGS)
    account = pd.DataFrame({"annual_revenue": [2000.0], "seat_utilisation": [0.5]})
    lines = change_lines(account, changes, currency="USD")
    assert "that contracted, half cut more than 800" in lines[-1].replace("\u00a0", " ")
    assert change_amounts(account, changes)["contracted"]["middle"] == 0.4
    assert change_lines(account.assign(annual_revenue=None), changes, currency="USD") == []


def test_a_flat_table_and_an_older_bundle_tell_nothing():
    assert revenue_changes_of(observed(is_flat=True), settings=SETTINGS) == RevenueChanges()
    assert RevenueChanges.from_dict(None).sentences == []


def test_an_account_is_told_its_place_and_the_places_its_interval_allows():
    scores = pd.DataFrame(
        {
            "account_id": ["a", "b", "c"], "churn_probability": [0.1, 0.3, None],
            "churn_low": [0.05, 0.08, None], "churn_high": [0.2, 0.4, None],
        }
    )  # fmt: skip
    assert place_lines(place_of("b", scores)) == [
        "  number 1 of 2 by that probability; its interval allows places 1 to 2"
    ]
    assert place_lines(place_of("c", scores)) == []
