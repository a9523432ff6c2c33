import numpy as np

from standfast.sample.period import NEVER


def test_users_never_exceed_the_seats(life):
    assert life.contracts.utilisation.max() <= 1.0
    assert life.contracts.utilisation.min() > 0.0
    assert 0.55 < life.contracts.utilisation.mean() < 0.85


def test_some_come_back_after_more_than_the_allowed_gap(life):
    begins, ends = life.contracts.begins, life.contracts.ends
    back = begins[:, 1] != NEVER
    assert back.sum() >= 10
    assert (begins[back, 1] - ends[back, 0]).min() > 30


def test_a_contract_is_in_force_from_its_first_day_up_to_but_not_on_its_last(life):
    """Active means started_on <= t < ended_on."""
    gone = np.flatnonzero((life.contracts.ends[:, 0] != NEVER) & (life.contracts.begins[:, 1] == NEVER))
    first, last = life.contracts.begins[gone, 0], life.contracts.ends[gone, 0]
    assert life.contracts.alive(gone, first).all()
    assert life.contracts.alive(gone, last - 1).all()
    assert not life.contracts.alive(gone, last).any()
    assert not life.contracts.alive(gone, first - 1).any()


def test_every_drawn_departure_is_an_end_and_every_end_was_drawn(life):
    assert life.contracts.churned.sum() == (life.contracts.ends != NEVER).sum()
