"""S7, S8: differences between groups, with accounts and not rows as the cases."""

import numpy as np
import pandas as pd
import pytest

from standfast.decision.differences import EvidencePolicy, compare_groups

POLICY = EvidencePolicy()


def book(n_accounts: int, rates: list[float], *, seed: int = 0, n_dates: int = 10):
    """Accounts leave at a rate per date of their group, and are seen until then with the next dates' fate."""
    random = np.random.default_rng(seed)
    group = random.integers(0, len(rates), n_accounts)
    leaves = random.geometric(np.array(rates)[group])
    account, date = np.repeat(np.arange(n_accounts), n_dates), np.tile(np.arange(n_dates), n_accounts)
    seen = date < leaves[account]
    account, date = account[seen], date[seen]
    churned = (leaves[account] - date <= 3).astype(float)
    return pd.DataFrame({"account_id": account, "churned": churned}), pd.Series(
        [f"g{g}" for g in group[account]]
    )


def compared(rows, groups, **policy):
    return compare_groups(rows, groups, outcome="churned", policy=EvidencePolicy(**policy))


def test_rates_and_difference_are_those_counted_by_hand():
    rows = pd.DataFrame({"account_id": [*"aabbccdd"], "churned": [0, 1, 0, 0, 0, 1, 1, None]}, dtype=object)
    told = compared(rows, pd.Series(["x"] * 4 + ["y"] * 4), min_accounts=2)
    assert [(r.group, r.n_accounts, r.n_rows, r.n_events) for r in told.rates] == [
        ("x", 2, 4, 1),
        ("y", 2, 3, 2),
    ]
    assert [rate.rate for rate in told.rates] == pytest.approx([0.25, 2 / 3])
    assert told.contrasts[1].difference == pytest.approx(2 / 3 - 0.25)
    assert (told.n_accounts, told.n_events) == (4, 3)


def test_one_row_per_account_gives_the_chi_square_of_the_textbook():
    """30 of 100 against 15 of 100: chi-square 6.452 on one degree of freedom, but for n / (n - 1)."""
    rows = pd.DataFrame({"account_id": range(200), "churned": [1] * 30 + [0] * 70 + [1] * 15 + [0] * 85})
    told = compared(rows, pd.Series(["a"] * 100 + ["b"] * 100))
    assert told.p_value == pytest.approx(0.0112, abs=0.0003)
    low, high = told.contrasts[0].low, told.contrasts[0].high
    assert (low, high) == pytest.approx((0.035, 0.261), abs=0.004)


def test_seeing_the_same_accounts_more_often_is_no_more_evidence():
    """The account is the unit: ten copies of each row leave the p-value and the interval as they were."""
    rows, groups = book(300, [0.02, 0.05], n_dates=1)
    once, often = compared(rows, groups), compared(pd.concat([rows] * 10), pd.concat([groups] * 10))
    assert often.p_value == pytest.approx(once.p_value)
    assert often.contrasts[0].low == pytest.approx(once.contrasts[0].low)
    assert often.contrasts[0].high == pytest.approx(once.contrasts[0].high)


@pytest.mark.parametrize(("n", "k"), [(150, 2), (300, 6), (400, 12)])
def test_groups_that_are_alike_are_called_different_as_seldom_as_promised(n, k):
    """S7: beyond chance. Of 200 books without any difference about one in twenty is found."""
    found = [compared(*book(n, [0.015] * k, seed=seed)) for seed in range(200, 400)]
    assert np.mean([told.p_value < 0.05 for told in found]) <= 0.09
    covered = [all(c.low <= 0 <= c.high for c in told.contrasts) for told in found]
    assert np.mean(covered) >= 0.88


def test_a_real_difference_is_found_and_its_interval_holds_the_truth():
    found = [compared(*book(600, [0.01, 0.03], seed=seed)) for seed in range(60)]
    assert np.mean([told.p_value < 0.05 for told in found]) > 0.9
    truth = np.mean([told.contrasts[1].difference for told in found])
    assert np.mean([told.contrasts[1].low <= truth <= told.contrasts[1].high for told in found]) >= 0.9


def test_a_group_without_events_has_an_interval_that_is_no_point():
    rows = pd.DataFrame({"account_id": range(60), "churned": [0] * 30 + [1] * 12 + [0] * 18})
    none = compared(rows, pd.Series(["none"] * 30 + ["some"] * 30)).rates[0]
    assert none.rate == none.low == 0
    assert 0.05 < none.high < 0.2


def test_small_groups_are_shown_and_left_out_of_the_test():
    rows, groups = book(300, [0.02, 0.05])
    few = rows["account_id"] < 5
    told = compared(rows, groups.mask(few, "few"))
    assert told.too_small == ("few",)
    assert {contrast.group for contrast in told.contrasts} == {"g0", "g1"}
    assert "few" in {rate.group for rate in told.rates}


def test_rows_without_group_or_outcome_do_not_count():
    rows, groups = book(200, [0.02, 0.05])
    more = pd.concat([rows, rows.head(50).assign(churned=None), rows.head(50)], ignore_index=True)
    more_groups = pd.concat([groups, groups.head(50), pd.Series([None] * 50)], ignore_index=True)
    assert compared(more, more_groups).p_value == pytest.approx(compared(rows, groups).p_value)


@pytest.mark.parametrize("churned", [0, 1])
def test_where_all_do_the_same_nothing_can_be_tested(churned):
    rows = pd.DataFrame({"account_id": range(100), "churned": churned})
    assert np.isnan(compared(rows, pd.Series(["a", "b"] * 50)).p_value)


def test_one_group_and_no_rows_are_no_error():
    rows, groups = book(100, [0.03])
    assert compared(rows, groups).contrasts == ()
    assert compared(rows.iloc[:0], groups.iloc[:0]).rates == ()


def test_the_order_of_rows_changes_nothing():
    rows, groups = book(200, [0.02, 0.05, 0.03])
    order = np.random.default_rng(1).permutation(len(rows))
    assert compared(rows, groups).p_value == pytest.approx(
        compared(rows.iloc[order].reset_index(drop=True), groups.iloc[order].reset_index(drop=True)).p_value
    )
