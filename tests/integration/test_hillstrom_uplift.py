"""The real randomised trial: whom an e-mail brings to the shop, by each learner (C6, U5)."""

from pathlib import Path

import numpy as np
import pytest
from bench.hillstrom_uplift import DATA, MODIFIERS, PLAIN, logged_of, orders_of, read_trial

from standfast.learning.off_policy import aipw
from standfast.learning.uplift import paired_top, uplift_quality

pytestmark = [
    pytest.mark.real,
    pytest.mark.integration,
    pytest.mark.skipif(not Path(DATA).exists(), reason="the trial is not beside the project"),
]


def test_modifiers_named_beforehand_find_whom_the_womens_email_moves():
    """Surely more uplift in the first 30 % than by the plain response model, on other customers."""
    emails = read_trial("Womens E-Mail")
    learned = np.random.default_rng(0).random(len(emails)) < 0.5
    orders = orders_of(emails, learned)
    logged = logged_of(emails, ~learned, orders[PLAIN])
    effect = aipw(logged, np.ones(len(logged))).value - aipw(logged, np.zeros(len(logged))).value
    assert 0.03 < effect < 0.07
    named = next(name for name in orders if "modifiers" in name)
    assert len(MODIFIERS) == 4
    assert uplift_quality(orders[named][~learned], logged).top.low > effect
    assert paired_top(orders[named][~learned], orders[PLAIN][~learned], logged).low > 0
