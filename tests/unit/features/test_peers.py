"""Peers: accounts of the same industry and plan, active at the same date."""

import pandas as pd
import pytest

NAMES = "abcde"


def group(maker, seats, *, plan="pro", names=NAMES, start=-400):
    return [
        maker.contract(name, seats=n, plan=plan, start=start) for name, n in zip(names, seats, strict=True)
    ]


def accounts(names, industry="retail"):
    return [{"account_id": name, "industry": industry} for name in names]


def prices(maker, rows, listed):
    """The price per seat of each account against its peers; revenue is 100."""
    found = maker.look(subscriptions=rows, accounts=listed).set_index("account_id")["price_vs_peers"]
    return {name: None if pd.isna(value) else value for name, value in found.items()}


def test_a_level_is_compared_with_the_median_of_the_peers_itself_among_them(maker):
    rows = group(maker, (1, 2, 4, 5, 10))
    found = prices(maker, rows, accounts(NAMES))
    assert found == {"a": 75.0, "b": 25.0, "c": 0.0, "d": -5.0, "e": -15.0}
    even = [*rows, maker.contract("f", seats=100, plan="pro")]
    assert prices(maker, even, accounts("abcdef"))["c"] == pytest.approx(25 - 22.5)


def test_fewer_than_five_peers_are_none(maker):
    found = prices(maker, group(maker, (1, 2, 4, 5), names="abcd"), accounts("abcd"))
    assert set(found.values()) == {None}


def test_peers_who_lack_the_level_do_not_count(maker):
    found = prices(maker, group(maker, (1, 2, 4, 5, 0)), accounts(NAMES))
    assert set(found.values()) == {None}


def test_who_is_elsewhere_unknown_or_not_active_is_no_peer(maker):
    rows = group(maker, (1, 2, 4, 5, 10))
    alone = prices(maker, rows, accounts(NAMES))
    others = [
        maker.contract("plan", seats=1, plan="basic"),
        maker.contract("industry", seats=1, plan="pro"),
        maker.contract("unknown", seats=1, plan="pro"),
        maker.contract("gone", seats=1, plan="pro", end=0),
        maker.contract("later", seats=1, plan="pro", start=1),
    ]
    listed = [*accounts([*NAMES, "plan", "gone", "later"]), *accounts(["industry"], "mining")]
    found = prices(maker, [*rows, *others], [*listed, *accounts(["unknown"], None)])
    assert {name: found[name] for name in NAMES} == alone
    assert [found[name] for name in ("plan", "industry", "unknown")] == [None, None, None]


def test_a_date_has_peers_of_its_own(maker):
    rows = [*group(maker, (1, 2, 4, 5, 10)), maker.contract("f", seats=1, plan="pro", start=-5)]
    seen = maker.look(subscriptions=rows, accounts=accounts("abcdef"), dates=[maker.day(-30), maker.t])
    earlier = seen[seen["observation_date"] < seen["observation_date"].max()]
    alone = prices(maker, rows[:5], accounts(NAMES))
    assert dict(zip(earlier["account_id"], earlier["price_vs_peers"], strict=True)) == alone


def test_without_industry_and_plan_there_are_no_peers(maker):
    seen = maker.look(subscriptions=[maker.contract(name, seats=1) for name in NAMES])
    assert not [name for name in seen if name.endswith("_vs_peers")]
