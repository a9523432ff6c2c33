"""Who may be in a test of plays now: of the right value, planned to be contacted, with nothing against it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd

from standfast.adapters.ledger import Ledger
from standfast.adapters.ledger_assignments import read_assignments
from standfast.adapters.ledger_campaigns import claimed_accounts
from standfast.decision.columns import numbers
from standfast.decision.expression import parse_expression, refuse_unknown_columns
from standfast.decision.holds import holds
from standfast.decision.suppression import suppressed_because
from standfast.learning.arrays import Bools
from standfast.learning.done import PERSONAL_COUNTS, PLANNED_COUNTS, ends_on
from standfast.pipelines.book_ledger import reading_ledger
from standfast.pipelines.kept_alerts import escalated_accounts
from standfast.pipelines.segments import KNOWN_COLUMNS, segment_frame
from standfast.pipelines.to_plan import ToPlan
from standfast.schema import ACCOUNT_ID
from standfast.settings import Settings


@dataclass(frozen=True, eq=False)
class Eligible:
    """The accounts that may be in a test, and how many are left out for which reason.

    Parameters
    ----------
    rows
        ``account_id``, ``owner``, ``cell``, probabilities, money, and the ``n_*`` of the plan's bundle.
    left_out
        Reason to accounts, each counted by the first that holds.
    """

    rows: pd.DataFrame
    left_out: Mapping[str, int]


def eligible_accounts(given: ToPlan, settings: Settings, *, segment: str | None) -> Eligible:
    """Give the accounts of the book that may be in a test, by the plan of the day.

    Raises
    ------
    InputError
        The segment cannot be read.
    StateError
        The ledger cannot be read.
    """
    assert given.observed is not None  # noqa: S101  (the book was read)
    frame = segment_frame(given.observed, given.scores, settings=settings, with_own_columns=bool(segment))
    lines = given.plan(settings=settings, hours=None).lines
    lines = lines.assign(**{ACCOUNT_ID: lines[ACCOUNT_ID].astype("str")})
    with reading_ledger(settings) as ledger:
        reasons = _reasons(frame, lines, given, settings=settings, segment=segment, ledger=ledger)
    first = np.select([mask for _, mask in reasons], range(len(reasons)), -1)
    counts = np.bincount(first[first >= 0], minlength=len(reasons))
    left_out = {why: int(n) for (why, _), n in zip(reasons, counts, strict=True) if n}
    chosen = frame[first < 0].assign(**{ACCOUNT_ID: frame.loc[first < 0, ACCOUNT_ID].astype("str")})
    kept = [
        "account_id", "cell", "churn_probability", "upsell_probability", "annual_revenue", "upsell_value"
    ]  # fmt: skip
    rows = chosen[kept].merge(lines[[ACCOUNT_ID, "owner", *PLANNED_COUNTS]], on=ACCOUNT_ID)
    return Eligible(rows, left_out)


def accounts_in_a_cycle(ledger: Ledger, *, day: date) -> frozenset[str]:
    """Give the accounts that were drawn for a cycle that is not over, also one of a test that was stopped.

    What comes of them until then is read for that cycle, so another test must not touch them.
    """
    drawn = read_assignments(ledger)
    now = pd.Timestamp(day)
    running = (pd.to_datetime(drawn["cycle"]) <= now) & (ends_on(drawn) > now)
    return frozenset(drawn.loc[running, ACCOUNT_ID].astype("str"))


def _reasons(
    frame: pd.DataFrame, lines: pd.DataFrame, given: ToPlan, *, settings: Settings, segment: str | None,
    ledger: Ledger | None,
) -> list[tuple[str, Bools]]:  # fmt: skip
    """Give what leaves accounts out, the first that is told first."""
    policy, ids = settings.experiments, frame[ACCOUNT_ID].astype("str")
    asked = lines[lines[list(PERSONAL_COUNTS)].sum(axis=1) > 0][ACCOUNT_ID]
    against = suppressed_because(
        frame, guards=settings.guards,
        lifecycle=replace(settings.lifecycle, onboarding_days=max(1, policy.least_tenure_days)),
        held_out=frozenset(lines.loc[lines["held_out"], ACCOUNT_ID]),
        claimed=claimed_accounts(ledger, besides=None) if ledger else None,
    )  # fmt: skip
    taken = accounts_in_a_cycle(ledger, day=given.day) if ledger and given.day else frozenset()
    tiers = " or ".join(policy.value_tiers)
    found = [
        ("not in the segment", ~_in_segment(frame, segment)),
        (f"not of the {tiers} value tier", ~frame["value_tier"].isin(policy.value_tiers).to_numpy()),
        ("in another experiment now", ids.isin(taken).to_numpy()),
        ("with an open escalation", ids.isin(escalated_accounts(given.past.alerts)).to_numpy()),
        *((str(why), (against == why).to_numpy(dtype=bool)) for why in sorted(against.dropna().unique())),
        ("without a planned touch", ~ids.isin(asked).to_numpy()),
        ("of unknown churn or revenue", _unknown(frame)),
    ]
    return [
        (
            why.replace("in onboarding", f"in their first {policy.least_tenure_days} days"),
            np.asarray(mask, bool),
        )
        for why, mask in found
    ]


def _in_segment(frame: pd.DataFrame, segment: str | None) -> Bools:
    if segment is None:
        return np.ones(len(frame), dtype=bool)
    wanted = parse_expression(segment)
    refuse_unknown_columns(wanted, {*frame.columns, *KNOWN_COLUMNS})
    return np.asarray(holds(wanted, frame).true, dtype=bool)


def _unknown(frame: pd.DataFrame) -> Bools:
    told = [numbers(frame, name) for name in ("churn_probability", "annual_revenue")]
    return np.asarray(~np.isfinite(np.column_stack(told)).all(axis=1))
