"""How much one caller may do: laws of allowances and of failed attempts."""

from hypothesis import given
from hypothesis import strategies as st

from standfast.service.limits import Allowance, Failures


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


@given(st.lists(st.integers(0, 3), max_size=20), st.floats(0.1, 5), st.floats(1, 10))
def test_never_more_requests_than_the_burst_and_what_came_back_since(gaps, per_second, most):
    clock = Clock()
    allowance = Allowance(per_second, most, clock)
    n_allowed = 0
    for gap in gaps:
        clock.now += gap
        n_allowed += allowance.wait_of("ann") == 0
    assert n_allowed <= most + per_second * clock.now + 1e-6


@given(st.floats(0.1, 5), st.floats(1, 5))
def test_who_waits_as_long_as_told_is_allowed_and_others_never_wait_for_them(per_second, most):
    clock = Clock()
    allowance = Allowance(per_second, most, clock)
    while (wait := allowance.wait_of("ann")) == 0:
        pass
    assert allowance.wait_of("ben") == 0
    clock.now += wait + 1e-9
    assert allowance.wait_of("ann") == 0


def test_failed_attempts_are_counted_forgotten_in_time_and_forgiven():
    clock = Clock()
    failures = Failures(60, clock)
    for _ in range(3):
        failures.add("ann")
    assert failures.wait_of("ann", most=3) == 60
    assert failures.wait_of("ann", most=4) == 0
    assert failures.wait_of("ben", most=1) == 0
    clock.now = 60.1
    assert failures.wait_of("ann", most=3) == 0
    failures.add("ann")
    failures.forgive("ann")
    assert failures.wait_of("ann", most=1) == 0
