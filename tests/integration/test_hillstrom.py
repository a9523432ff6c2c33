"""U5: a real randomised trial of e-mails, read out beside the plain difference of means."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from standfast.learning.effect import effect_on
from standfast.learning.sample import Compared

FILE = Path(__file__).resolve().parents[3] / "shared" / "data" / "hillstrom" / "emails.parquet"
pytestmark = [
    pytest.mark.real,
    pytest.mark.integration,
    pytest.mark.skipif(not FILE.exists(), reason="the trial of e-mails is not beside the project"),
]
CONTROL = "No E-Mail"


@pytest.fixture(scope="module")
def trial():
    emails = pd.read_parquet(FILE)
    return emails.assign(
        account_id=emails["row"],
        arm=emails["segment"],
        arm_probability=1 / 3,
        cycle=0,
        stratum=emails["channel"],
    )


@pytest.mark.parametrize(
    ("arm", "measured", "outcome", "published"),
    [
        ("Mens E-Mail", "visit", "expanded", 0.0766), ("Womens E-Mail", "visit", "expanded", 0.0452),
        ("Mens E-Mail", "conversion", "expanded", 0.0068), ("Mens E-Mail", "spend", "revenue", 0.77),
    ],
)  # fmt: skip
def test_each_arm_has_the_effect_that_the_whole_trial_has(trial, arm, measured, outcome, published):
    """U5: of which this is a part; the interval is no wider than the plain one, that of money hardly."""
    known = np.column_stack([np.log1p(trial["history"]), trial["recency"], trial["newbie"]]).astype(float)
    values = trial[measured].to_numpy(dtype=float)
    what = Compared(values=values, expected=known, variance=None, planned=np.nan)
    found = effect_on(trial, what, outcome=outcome, arm=arm, control=CONTROL, confidence=0.95)
    mine, theirs = (trial.loc[trial["arm"] == name, measured] for name in (arm, CONTROL))
    plain = mine.mean() - theirs.mean()
    half = 1.96 * np.sqrt(mine.var() / len(mine) + theirs.var() / len(theirs))
    interval = found.estimate.interval
    assert interval.low < published < interval.high
    assert interval.low > 0
    assert abs(found.difference - plain) < half / 3
    assert interval.high - interval.low < (2.2 if outcome == "revenue" else 2.02) * half
