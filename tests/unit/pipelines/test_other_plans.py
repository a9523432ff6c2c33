"""Other plans judged by what chance assigned: in accounts and money, with intervals, or as too small."""

import numpy as np
import pandas as pd
import pytest

from standfast.pipelines.other_plans import other_plans
from standfast.schema import ASSIGNMENT_COLUMNS, HOLDOUT
from standfast.settings import Settings

SETTINGS = Settings()


def drawn(n, *, helped, held=0.3, seed=0):
    """Chance held some out; outreach lowers churn from 30 % by ``helped``."""
    random = np.random.default_rng(seed)
    treated = random.random(n) >= held
    churned = random.random(n) < 0.3 - helped * treated
    return pd.DataFrame(index=range(n), columns=list(ASSIGNMENT_COLUMNS)).assign(
        experiment=HOLDOUT, cycle=pd.Timestamp("2024-01-01"), account_id=[f"a{i}" for i in range(n)],
        arm=np.where(treated, "planned", "held_out"), arm_probability=np.where(treated, 1 - held, held),
        churn_probability=0.3, upsell_probability=0.1, annual_revenue=10_000.0, upsell_value=2_000.0,
        n_in_person=0, n_call=1, n_email=1, n_digital=3, is_matured=True, churned=churned,
        expanded=pd.array(np.where(churned, None, False), dtype="boolean"),
    )  # fmt: skip


def test_outreach_to_all_is_told_with_an_interval_that_holds_the_truth():
    found = [other_plans(drawn(800, helped=0.1, seed=seed), settings=SETTINGS).plans[0] for seed in range(40)]
    assert np.mean([one.churn.value for one in found]) == pytest.approx(-0.1, abs=0.015)
    assert sum(one.churn.low <= -0.1 <= one.churn.high for one in found) >= 35


def test_fewer_hours_bring_less_and_the_sentences_say_it():
    judged = other_plans(drawn(3000, helped=0.2), settings=SETTINGS)
    everyone, half, most = judged.plans
    assert everyone.value.value > most.value.value > half.value.value > 0
    assert half.share == pytest.approx(0.5, abs=0.01)
    assert "outreach to all of them (100%): churn -" in judged.sentences[1]


def test_outreach_that_does_nothing_costs_what_it_costs():
    judged = other_plans(drawn(20_000, helped=0.0), settings=SETTINGS).plans[0]
    cost = (60 + 10) / 60 * SETTINGS.capacity.hourly_cost
    assert judged.value.low < -cost < judged.value.high


def test_too_few_rows_are_called_too_small():
    few = other_plans(drawn(25, helped=0.1), settings=SETTINGS)
    assert all("too small to tell" in sentence for sentence in few.sentences[1:])
    none = other_plans(drawn(5, helped=0.1).assign(is_matured=False), settings=SETTINGS)
    assert none.n_rows == 0
    assert "ask again" in none.sentences[0]
