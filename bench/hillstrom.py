"""A real randomised trial: e-mails for men's and women's goods against none, and what came of it.

Kevin Hillstrom's MineThatData trial, a part of it; an account is a customer, what is counted is a visit, an
order and money spent within two weeks.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from standfast.learning.effect import Effect, effect_on
from standfast.learning.experiment_policy import ExperimentPolicy
from standfast.learning.intervals import difference_of_means, standard_steps
from standfast.learning.sample import Compared

FILE = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "hillstrom" / "emails.parquet"
CONTROL = "No E-Mail"
ARMS = ("Mens E-Mail", "Womens E-Mail")
MEASURED = ("visit", "conversion", "spend")


def read_trial(file: Path = FILE) -> pd.DataFrame:
    """Give the trial in the columns of what chance assigned; each arm had a chance of one third."""
    emails = pd.read_parquet(file)
    return emails.assign(
        account_id=emails["row"], arm=emails["segment"], arm_probability=1 / 3, cycle=0,
        stratum=emails["channel"] + ", " + emails["newbie"].astype(str),
    )  # fmt: skip


def known_before(trial: pd.DataFrame) -> np.ndarray:
    """Give what was known of each customer before any e-mail."""
    return np.column_stack(
        [
            np.log1p(trial["history"]), trial["recency"], trial["mens"], trial["womens"],
            trial["zip_code"].eq("Rural"), trial["zip_code"].eq("Urban"),
        ]
    ).astype(float)  # fmt: skip


def effect_of_email(trial: pd.DataFrame, arm: str, measured: str, *, confidence: float) -> Effect:
    """Give the effect of one e-mail against none, adjusted by what was known before."""
    values = trial[measured].to_numpy(dtype=float)
    what = Compared(values=values, expected=known_before(trial), variance=None, planned=np.nan)
    outcome = "revenue" if measured == "spend" else "expanded"
    return effect_on(trial, what, outcome=outcome, arm=arm, control=CONTROL, confidence=confidence)


def plain_difference(trial: pd.DataFrame, arm: str, measured: str) -> tuple[float, float]:
    """Give the difference of two means as it stands, and its variance."""
    mine, theirs = (trial.loc[trial["arm"] == name, measured] for name in (arm, CONTROL))
    return mine.mean() - theirs.mean(), mine.var() / len(mine) + theirs.var() / len(theirs)


def hillstrom_rows(policy: ExperimentPolicy, file: Path = FILE) -> Iterator[tuple[str, str, str]]:
    """Give the bench rows: each e-mail's effect with its interval, beside the plain difference."""
    if not file.exists():
        yield "trial of e-mails", f"not here: {file.name} is missing in ../shared/data/hillstrom", ""
        return
    trial = read_trial(file)
    for arm in ARMS:
        for measured in MEASURED:
            one = effect_of_email(trial, arm, measured, confidence=policy.confidence)
            plain, variance = plain_difference(trial, arm, measured)
            beside = difference_of_means(plain, variance, steps=standard_steps(policy.confidence))
            interval, times, unit = one.estimate.interval, (1 if measured == "spend" else 100), " points"
            name = f"e-mails, {arm} on {measured}, {one.n_rows:,} against {one.n_control:,}"
            told = (
                f"{times * one.difference:+.2f} ({times * interval.low:+.2f} to {times * interval.high:+.2f})"
            )
            plainly = f"{times * plain:+.2f} ({times * beside.low:+.2f} to {times * beside.high:+.2f})"
            yield name, told + (unit if times > 1 else " a head"), f"plain difference {plainly}"
