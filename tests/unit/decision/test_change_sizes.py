"""R1, R7: how much a change moves, by group, drawn to the whole where few accounts speak."""

import numpy as np
import pandas as pd
import pytest

from standfast.decision.change_sizes import (
    ChangeSizes,
    by_value,
    learn_contraction_sizes,
    learn_expansion_sizes,
)
from standfast.decision.expansion import learn_upsell_shares


def changed(shares, *, revenue=1000.0, sign=1, **room):
    before = np.broadcast_to(np.asarray(revenue, dtype=float), len(shares))
    return pd.DataFrame(
        {
            "account_id": [f"{revenue}-{number}" for number in range(len(shares))],
            "annual_revenue": before,
            "revenue_after": before * (1 + sign * np.asarray(shares)),
            **room,
        }
    )


def test_quantiles_are_those_of_the_accounts_that_changed():
    shares = np.random.default_rng(0).uniform(0.1, 0.9, 4000)
    whole = learn_contraction_sizes(changed(shares, sign=-1), contraction_share=0.25).whole
    assert (whole.low, whole.middle, whole.high) == pytest.approx((0.18, 0.5, 0.82), abs=0.02)
    assert whole.share == pytest.approx(0.5, abs=0.01)


def test_the_mean_of_all_expansions_agrees_with_what_an_expansion_is_worth():
    grown = changed(np.linspace(0.1, 0.7, 60), seat_utilisation=[0.9] * 25 + [0.2] * 35)
    sizes = learn_expansion_sizes(grown, upsell_share=0.2)
    shares = learn_upsell_shares(grown, upsell_share=0.2)
    assert [group.share for group in sizes.groups] == pytest.approx(
        [shares.tight, shares.roomy, shares.unknown]
    )


def test_a_group_of_few_is_drawn_to_the_whole_and_one_of_none_is_the_whole():
    grown = pd.concat(
        [changed([0.2] * 400, seat_utilisation=0.3), changed([1.0] * 2, revenue=7.0, seat_utilisation=0.9)]
    )
    sizes = learn_expansion_sizes(grown, upsell_share=0.2)
    tight, roomy, unknown = sizes.groups
    assert tight.middle == pytest.approx((2 * 1.0 + 20 * 0.2) / 22)
    assert roomy.middle == pytest.approx(0.2)
    assert (unknown.share, unknown.high, unknown.n_accounts) == (sizes.whole.share, sizes.whole.high, 0)


def test_large_and_small_accounts_that_cut_back_lose_shares_of_their_own():
    """T2's shares: of 400, 40 are large and 160 middling."""
    large, small = changed([0.1] * 40, revenue=90_000.0, sign=-1), changed([0.6] * 360, sign=-1)
    sizes = learn_contraction_sizes(pd.concat([large, small]), contraction_share=0.25)
    book = pd.DataFrame({"annual_revenue": [90_000.0, 1000.0, np.nan]})
    assert sizes.group_of(book).tolist() == [0, 1, 2]
    assert sizes.shares_of(book)[0] < 0.2
    assert sizes.shares_of(book)[1] > 0.4
    assert by_value(np.array([10.0, 5.0, 4.9]), (10.0, 5.0)).tolist() == [0, 1, 2]


def test_few_contractions_leave_the_share_near_what_was_believed():
    few = learn_contraction_sizes(changed([0.9, 0.9], sign=-1), contraction_share=0.25).whole
    assert few.share == pytest.approx((2 * 0.9 + 20 * 0.25) / 22)


def test_an_account_seen_at_many_dates_counts_once_and_order_changes_nothing():
    once = changed([0.2, 0.4, 0.6, 0.8], sign=-1)
    often = pd.concat([once, *[once.iloc[[3]]] * 20], ignore_index=True)
    a, b = (learn_contraction_sizes(rows, contraction_share=0.25).whole for rows in (once, often))
    assert (a.low, a.middle, a.high, a.n_accounts) == (b.low, b.middle, b.high, b.n_accounts)
    back = learn_contraction_sizes(often.iloc[::-1], contraction_share=0.25)
    assert back == learn_contraction_sizes(often, contraction_share=0.25)


def test_nothing_that_changed_teaches_nothing():
    assert learn_expansion_sizes(changed([]), upsell_share=0.2) is None
    assert learn_contraction_sizes(changed([]), contraction_share=0.25) is None


def test_sizes_come_back_from_json_as_they_were():
    sizes = learn_contraction_sizes(changed([0.3] * 30, sign=-1), contraction_share=0.25)
    assert ChangeSizes.from_dict(sizes.to_dict()) == sizes
