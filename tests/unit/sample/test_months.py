import dataclasses

import numpy as np

from standfast.sample.months import draw_month, settle_month
from standfast.sample.standing import Standing
from standfast.sample.streams import stream


def _standing_and_month(life, number=5):
    standing = Standing.of(life.roster)
    standing.import_the_present()
    month = draw_month(
        standing,
        number=number,
        roster=life.roster,
        health=life.health,
        period=life.period,
        utilisation=np.full(life.roster.n_accounts, 0.9),
        rng=stream(1, "test"),
    )
    return standing, month


def test_who_has_no_contract_draws_nothing(life):
    standing, month = _standing_and_month(life)
    for drawn in (month.leaves, month.grows, month.shrinks, month.renews, month.lapses):
        assert not (drawn & ~standing.active).any()
    assert month.churn_hazard[~standing.active].max() == 0.0


def test_one_account_does_one_thing_with_its_seats(life):
    _, month = _standing_and_month(life)
    assert month.leaves.any()
    assert month.grows.any()
    assert (month.leaves.astype(int) + month.grows + month.shrinks).max() == 1


def test_yearly_contracts_renew_once_a_year_and_monthly_ones_every_month(life):
    standing, month = _standing_and_month(life)
    monthly = standing.active & ~life.roster.yearly
    assert month.renews[monthly].all()
    share = month.renews[standing.active & life.roster.yearly].mean()
    assert 1 / 24 < share < 1 / 6


def test_growth_adds_at_least_a_tenth_and_shrinking_takes_it(life):
    standing, month = _standing_and_month(life)
    month = dataclasses.replace(month, renews=np.zeros_like(month.renews), lapses=np.zeros_like(month.lapses))
    before = standing.seats * standing.seat_price
    settle_month(standing, month, price_rise=np.zeros(len(before)), rng=stream(1, "settle"))
    ratio = standing.seats * standing.seat_price / before
    assert ratio[month.grows].min() >= 1.1
    assert ratio[month.shrinks].max() <= 0.9
    assert (ratio[~month.grows & ~month.shrinks] == 1.0).all()
