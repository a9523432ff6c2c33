"""How much of the book's revenue the coming horizon keeps: gross and net revenue retention (R7)."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated

import numpy as np
import pandas as pd
from annotated_types import Ge, Interval
from typing_extensions import Doc

from standfast.decision.change_sizes import ChangeSizes
from standfast.decision.columns import Bools, Floats, flags, numbers, order_of_ids
from standfast.decision.effects import known_effects
from standfast.decision.outlook import outlook
from standfast.decision.response import Response, shifted, shifts
from standfast.decision.reward import Economics, upsell_values

_CELLS_IN_ALL, _CELLS_OF_A_BLOCK, _CELLS_AT_ONCE, _FEWEST_DRAWS = 50_000_000, 1_000_000, 125_000, 200
"""Accounts x draws: of a forecast, of a block with random numbers of its own, of what is held at a time; the
ends of an interval need so many draws."""

_WORDS = ("account_id", "name", "owner", "cell", "segment", "risk_tier", "value_tier", "model_version")
"""Columns that no forecast reads; of a large book their texts take more than all figures."""


@dataclass(frozen=True, kw_only=True)
class ForecastPolicy:
    """How the book's revenue retention is forecast."""

    contraction_share: Annotated[
        float,
        Interval(ge=0, le=1),
        Doc("Revenue that a contraction takes away, as a share; what the book shows goes before it."),
    ] = 0.25
    least_contractions: Annotated[
        int, Ge(1), Doc("Accounts that contracted from which on the share is learned from them.")
    ] = 20
    confidence: Annotated[
        float, Interval(gt=0, lt=1), Doc("Share of simulated horizons that an interval holds.")
    ] = 0.9
    n_draws: Annotated[
        int,
        Ge(_FEWEST_DRAWS),
        Doc("Simulated horizons; fewer, but 200 at least, where a book is very large."),
    ] = 2000


@dataclass(frozen=True, kw_only=True)
class Share:
    """A share of today's revenue: what is expected, and the ends of its interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, kw_only=True)
class Retention:
    """Revenue kept: gross without expansion, net with it; net is None without an upsell model."""

    gross: Share
    net: Share | None


@dataclass(frozen=True, kw_only=True)
class BookForecast:
    """Revenue retention of the coming horizon under past practice, and with the plan on top.

    Parameters
    ----------
    n_accounts, annual_revenue
        Accounts with known revenue and churn probability, and what they pay a year.
    without_plan
        If the team goes on as before.
    cautious
        If the planned hours keep only ``save_rate`` of leaving accounts and sell nothing.
    with_plan
        Under the planning response.
    contraction_share
        What a contraction takes of revenue, on the whole.
    n_contractions
        Accounts that contracted from which that was learned; 0 where it is assumed.
    holds_level
        Whether intervals hold the doubt about the base rates, beside chance.
    has_contraction
        Whether contraction is in it; else the book has no such model, and the forecast leans high.
    """

    n_accounts: int
    annual_revenue: float
    horizon_days: int
    confidence: float
    n_draws: int
    contraction_share: float
    n_contractions: int = 0
    holds_level: bool
    has_contraction: bool
    without_plan: Retention
    cautious: Retention
    with_plan: Retention


@dataclass(frozen=True, eq=False)
class _Course:
    """What somebody does about each account: a share of leavers that is left, and factors of the odds."""

    leaves: Floats
    churn_shift: Floats
    expand_shift: Floats


@dataclass(frozen=True, eq=False)
class _Accounts:
    """Accounts in order of their ids: money, and by course P(churn), P(contraction), P(expansion | stays)."""

    revenue: Floats
    contraction: Floats
    expansion: Floats
    chances: Mapping[str, tuple[Floats, Floats, Floats]]

    def __len__(self) -> int:
        return len(self.revenue)


def forecast_book(
    scores: pd.DataFrame,
    lines: pd.DataFrame | None = None,
    *,
    economics: Economics,
    response: Response,
    horizon_days: int,
    policy: ForecastPolicy,
    n_events: Mapping[str, int] | None = None,
    contractions: ChangeSizes | None = None,
) -> BookForecast | None:
    """Return the forecast of a scored book, or None where no account has both revenue and churn probability.

    Rows in another order give the same forecast. An account's outcome in a simulated horizon is drawn from
    the same random numbers with and without the plan, so that the two differ by the plan alone.

    Parameters
    ----------
    lines
        The plan, a line per account in the order of the scores; None: nothing is planned.
    n_events
        Accounts of each label (``churned``, ...) that its model learned from: how well base rates are known.
    contractions
        What contractions took in this book; None or too few of them: ``contraction_share`` is assumed.

    Examples
    --------
    >>> book = pd.DataFrame({"account_id": ["a", "b"], "churn_probability": [0.1, 0.2],
    ...                      "upsell_probability": [0.5, 0.0], "annual_revenue": [1000.0, 1000.0]})
    >>> ahead = forecast_book(book, economics=Economics(), response=Response(), horizon_days=90,
    ...                       policy=ForecastPolicy())
    >>> round(ahead.without_plan.gross.value, 3), round(ahead.without_plan.net.value, 3)
    (0.85, 0.895)
    """
    p, revenue = numbers(scores, "churn_probability"), numbers(scores, "annual_revenue")
    gone, _ = flags(scores, "churned")
    asked = ~gone & ~np.isnan(p) & (revenue > 0)
    if not asked.any():
        return None
    rows = np.flatnonzero(asked)
    rows = rows[order_of_ids(scores["account_id"].iloc[rows])]
    ranked = scores.drop(columns=[name for name in _WORDS if name in scores]).iloc[rows]
    courses = _courses(ranked, None if lines is None else lines.iloc[rows], response=response)
    learned = contractions if contractions and _are_enough(contractions, policy) else None
    taken = learned.shares_of(ranked) if learned else np.full(len(ranked), policy.contraction_share)
    accounts = _accounts(ranked, courses, economics=economics, contraction_share=taken)
    doubts = _doubts(ranked, n_events or {})
    n_draws = max(_FEWEST_DRAWS, min(policy.n_draws, _CELLS_IN_ALL // len(accounts)))
    lost, gained = _simulate(accounts, doubts, n_draws=n_draws)
    knows_upsell = not np.isnan(numbers(ranked, "upsell_probability")).all()
    retention = {
        name: _retention(
            accounts, name, lost[name], gained[name], confidence=policy.confidence, is_net=knows_upsell
        )
        for name in courses
    }
    return BookForecast(
        n_accounts=len(accounts),
        annual_revenue=float(accounts.revenue.sum()),
        horizon_days=horizon_days,
        confidence=policy.confidence,
        n_draws=n_draws,
        contraction_share=learned.whole.share if learned else policy.contraction_share,
        n_contractions=learned.whole.n_accounts if learned else 0,
        holds_level="churned" in doubts,
        has_contraction=not np.isnan(numbers(ranked, "contraction_probability")).all(),
        **retention,
    )


def _are_enough(contractions: ChangeSizes, policy: ForecastPolicy) -> bool:
    return contractions.whole.n_accounts >= policy.least_contractions


def _courses(scores: pd.DataFrame, lines: pd.DataFrame | None, *, response: Response) -> dict[str, _Course]:
    """Return what is done about each account: as before, the plan cautiously, the plan as planned."""
    ones = np.ones(len(scores))
    if lines is None:
        return dict.fromkeys(("without_plan", "cautious", "with_plan"), _Course(ones, ones, ones))
    touches = np.column_stack(
        [numbers(lines, f"n_{name}") for name in ("in_person", "call", "email", "digital")]
    )
    kept = np.where(numbers(lines, "hours") > 0, 1 - response.save_rate, 1.0)
    own = known_effects(scores, save_effect=response.save_effect, expand_effect=response.expand_effect)
    return {
        "without_plan": _Course(ones, ones, ones),
        "cautious": _Course(kept, ones, ones),
        "with_plan": _Course(ones, *shifts(np.nan_to_num(touches), response=response, effects=own)),
    }


def _accounts(
    scores: pd.DataFrame, courses: Mapping[str, _Course], *, economics: Economics, contraction_share: Floats
) -> _Accounts:
    """Return money and chances; an unknown chance of contraction or expansion counts as zero."""
    p = numbers(scores, "churn_probability")
    contracts = np.nan_to_num(numbers(scores, "contraction_probability"))
    expands = np.nan_to_num(numbers(scores, "upsell_probability"))
    revenue = numbers(scores, "annual_revenue")
    return _Accounts(
        revenue,
        contraction_share * revenue,
        np.maximum(0.0, np.nan_to_num(upsell_values(scores, economics=economics))),
        {
            name: (
                course.leaves * shifted(p, course.churn_shift),
                contracts,
                shifted(expands, course.expand_shift),
            )
            for name, course in courses.items()
        },
    )


def _doubts(scores: pd.DataFrame, n_events: Mapping[str, int]) -> dict[str, float]:
    """Return the standard error of each base rate's log-odds: ``1 / sqrt(n x (1 - rarer rate))``."""
    columns = {
        "churned": "churn_probability",
        "contracted": "contraction_probability",
        "expanded": "upsell_probability",
    }
    found = {}
    for label, column in columns.items():
        known = np.sort(numbers(scores, column))
        known = known[~np.isnan(known)]
        if n_events.get(label, 0) > 0 and len(known):
            rarer = min(float(known.mean()), 1 - float(known.mean()))
            found[label] = 1 / math.sqrt(n_events[label] * (1 - rarer))
    return found


def _simulate(
    accounts: _Accounts, doubts: Mapping[str, float], *, n_draws: int
) -> tuple[dict[str, Floats], dict[str, Floats]]:
    """Return the revenue lost and gained in each simulated horizon, by course; blocks bound the memory."""
    lost = {name: np.zeros(n_draws) for name in accounts.chances}
    gained = {name: np.zeros(n_draws) for name in accounts.chances}
    levels = np.random.default_rng(0).standard_normal((3, n_draws, 1))
    tilts = [
        np.exp(-doubts.get(label, 0.0) * level)
        for label, level in zip(("churned", "contracted", "expanded"), levels, strict=True)
    ]
    for number, block in enumerate(_blocks(len(accounts), max(1, _CELLS_OF_A_BLOCK // n_draws))):
        for some, fate, turn in _drawn(number, n_draws=n_draws, n_accounts=block.stop - block.start):
            # A base rate that is higher by some log-odds is the same as a draw that is lower by as much.
            leaves = shifted(fate, tilts[0][some])
            falls = shifted(turn, tilts[1][some])
            stalls = 1 - shifted(1 - turn, tilts[2][some])
            for name, chances in accounts.chances.items():
                out, down, up = _outcomes((leaves, falls, stalls), [chance[block] for chance in chances])
                fallen = np.where(down, accounts.contraction[block], 0.0)
                lost[name][some] += np.where(out, accounts.revenue[block], fallen).sum(axis=1)
                gained[name][some] += np.where(up, accounts.expansion[block], 0.0).sum(axis=1)
    return lost, gained


def _drawn(number: int, *, n_draws: int, n_accounts: int) -> Iterator[tuple[slice, Floats, Floats]]:
    """Yield a block's two random numbers for each draw and account, some draws at a time.

    They are the same however many are held at a time: the second numbers follow all first ones.
    """
    first, second = (np.random.Generator(np.random.PCG64((1, number))) for _ in range(2))
    second.bit_generator.advance(n_draws * n_accounts)  # type: ignore[attr-defined]
    for some in _blocks(n_draws, max(1, _CELLS_AT_ONCE // n_accounts)):
        size = (some.stop - some.start, n_accounts)
        yield some, first.random(size), second.random(size)


def _outcomes(draws: tuple[Floats, Floats, Floats], chances: list[Floats]) -> tuple[Bools, Bools, Bools]:
    """Return who leaves, who stays and pays less, who stays and pays more."""
    (leaves, falls, stalls), (p, contracts, expands) = draws, chances
    out = leaves < p
    up = stalls >= 1 - expands
    return out, ~out & ~up & (falls < contracts), ~out & up


def _blocks(n: int, size: int) -> Iterator[slice]:
    return (slice(start, min(n, start + size)) for start in range(0, n, size))


def _retention(
    accounts: _Accounts, name: str, lost: Floats, gained: Floats, *, confidence: float, is_net: bool
) -> Retention:
    """Return retention as expected, and within what the simulated horizons stay."""
    ahead = outlook(*accounts.chances[name])
    falls = float((ahead.leave * accounts.revenue + ahead.contract * accounts.contraction).sum())
    grows = float((ahead.increase * accounts.expansion).sum())
    total = float(accounts.revenue.sum())
    return Retention(
        gross=_share(1 - falls / total, 1 - lost / total, confidence=confidence),
        net=_share(1 + (grows - falls) / total, 1 + (gained - lost) / total, confidence=confidence)
        if is_net
        else None,
    )


def _share(expected: float, drawn: Floats, *, confidence: float) -> Share:
    """Return the expected share in its interval, widened to hold it where one account is most of the book."""
    low, high = np.quantile(drawn, [(1 - confidence) / 2, (1 + confidence) / 2])
    return Share(value=expected, low=min(float(low), expected), high=max(float(high), expected))
