"""P-values corrected for how many things were looked at."""

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from standfast.many_tests import benjamini_hochberg, holm

p_values = st.lists(st.floats(0, 1), min_size=1, max_size=30)


@given(p_values)
def test_corrections_never_lower_a_p_value_and_keep_their_order(p):
    for correct in (holm, benjamini_hochberg):
        adjusted = correct(p)
        assert all(low - 1e-12 <= high <= 1 for low, high in zip(p, adjusted, strict=True))
        by_p = [adjusted[place] for place in np.argsort(p, kind="stable")]
        assert by_p == sorted(by_p)
    assert all(b <= h + 1e-12 for h, b in zip(holm(p), benjamini_hochberg(p), strict=True))


def test_what_could_not_be_tested_does_not_count_as_tried():
    assert holm([0.03, math.nan])[0] == 0.03
    assert benjamini_hochberg([math.nan, 0.03])[1] == 0.03
    assert holm([]) == benjamini_hochberg([]) == []
