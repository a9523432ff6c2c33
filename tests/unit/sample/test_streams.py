import numpy as np

from standfast.sample.streams import happens, sigmoid, stream


def test_a_name_always_draws_the_same_numbers_and_another_name_others():
    assert stream(1, "usage").random() == stream(1, "usage").random()
    assert len({stream(1, "usage").random(), stream(1, "tickets").random(), stream(2, "usage").random()}) == 3


def test_even_log_odds_are_a_half():
    assert sigmoid(np.zeros(1))[0] == 0.5


def test_the_certain_happens_and_the_impossible_does_not():
    drawn = happens(np.array([0.0, 1.0]), (1000, 2), stream(1, "coin"))
    assert drawn.sum(axis=0).tolist() == [0, 1000]
