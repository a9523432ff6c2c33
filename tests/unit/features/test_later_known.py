"""What a snapshot cannot have known is suspected; what it can is not."""

import numpy as np
import pandas as pd

from standfast.features.kinds import column_kind
from standfast.features.later_known import late_date_findings, newest_findings, window_findings

RNG = np.random.default_rng(11)
N = 400
DATES = pd.to_datetime([f"2024-{month:02}-01" for month in range(1, 7)])


def snapshots() -> pd.DataFrame:
    frame = pd.DataFrame(
        [(f"A{i}", day) for day in DATES for i in range(N)], columns=["account_id", "observation_date"]
    )
    frame["churned"] = pd.array(RNG.random(len(frame)) < 0.15, dtype="boolean")
    frame["visits"] = RNG.normal(size=len(frame)) - frame["churned"].astype(float)
    return frame


def test_overlapping_windows_tell_how_many_accounts_stand_behind_the_rows() -> None:
    frame = snapshots()
    labels = {"churned": frame["churned"]}
    (finding,) = window_findings(frame, labels, horizon_days=90)
    assert (finding.name, finding.severity) == ("overlapping_windows", "note")
    yes = frame["churned"].to_numpy(dtype=bool)
    n_accounts = frame.loc[yes, "account_id"].nunique()
    assert f"{yes.sum()} yes of churned are {n_accounts} accounts" in finding.explanation
    assert not list(window_findings(frame, labels, horizon_days=29))
    assert not list(window_findings(frame[frame["observation_date"] == DATES[0]], labels, horizon_days=90))


def test_a_date_after_its_row_is_suspect_and_one_before_is_not() -> None:
    seen = pd.Series(pd.to_datetime(["2024-03-01"] * 40))
    last_login = pd.Series(
        pd.to_datetime(["2024-02-28"] * 37 + ["2024-03-02", "2024-09-01", None]), name="last_login"
    )
    joined = pd.Series(pd.to_datetime(["2023-02-28"] * 20 + ["2024-03-01"] * 20), name="joined")
    (finding,) = late_date_findings([column_kind(last_login), column_kind(joined)], seen)
    assert (finding.name, finding.severity, finding.column) == ("future:last_login", "warning", "last_login")
    assert "in 2 of 40 rows" in finding.explanation


def test_a_feature_that_is_better_at_the_newest_date_alone_is_suspect() -> None:
    frame = snapshots()
    newest = (frame["observation_date"] == DATES[-1]).to_numpy()
    told = newest & frame["churned"].to_numpy(dtype=bool)
    frame["open_cases"] = RNG.normal(size=len(frame)) + 3.0 * told
    kinds = [column_kind(frame[name]) for name in ("visits", "open_cases")]
    (finding,) = newest_findings(frame, kinds, frame["churned"])
    assert (finding.name, finding.severity) == ("newest:open_cases", "warning")
    assert "at the 5 before" in finding.explanation


def test_a_feature_that_tells_as_much_at_each_date_is_not() -> None:
    frame = snapshots()
    assert not list(newest_findings(frame, [column_kind(frame["visits"])], frame["churned"]))
    once = frame[frame["observation_date"] == DATES[0]].reset_index(drop=True)
    assert not list(newest_findings(once, [column_kind(once["visits"])], once["churned"]))
