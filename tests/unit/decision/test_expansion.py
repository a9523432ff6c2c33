"""R1: what an expansion is worth, by headroom, where nobody says."""

import pandas as pd
import pytest

from standfast.decision.expansion import UpsellShares, learn_upsell_shares


def grown(n: int, share: float, **room: float) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "account_id": [f"{share}-{number}" for number in range(n)],
            "annual_revenue": 1000.0,
            "revenue_after": 1000.0 * (1 + share),
            **room,
        }
    )


def test_few_who_expanded_leave_the_share_near_what_was_believed():
    few = learn_upsell_shares(grown(2, 1.0), upsell_share=0.2)
    many = learn_upsell_shares(grown(2000, 1.0), upsell_share=0.2)
    assert few.unknown == pytest.approx(0.2, abs=0.15)
    assert many.unknown == pytest.approx(1.0, abs=0.02)


def test_each_room_has_a_share_of_its_own_and_a_room_without_cases_that_of_all():
    both = pd.concat([grown(400, 0.6, seat_utilisation=0.9), grown(400, 0.2, seat_utilisation=0.3)])
    shares = learn_upsell_shares(both, upsell_share=0.2)
    assert shares.roomy < shares.unknown < shares.tight
    book = pd.DataFrame({"seat_utilisation": [0.9, 0.3, None]})
    assert shares.of(book).tolist() == [shares.tight, shares.roomy, shares.unknown]


def test_an_account_seen_at_many_dates_counts_once():
    once = learn_upsell_shares(grown(5, 1.0), upsell_share=0.2)
    often = learn_upsell_shares(pd.concat([grown(5, 1.0)] * 12), upsell_share=0.2)
    assert often == once


def test_nobody_who_expanded_teaches_nothing():
    assert learn_upsell_shares(grown(0, 1.0), upsell_share=0.2) is None


def test_shares_come_back_from_json_as_they_were():
    shares = learn_upsell_shares(grown(30, 0.4, seat_utilisation=0.9), upsell_share=0.2)
    assert UpsellShares.from_dict(shares.to_dict()) == shares
