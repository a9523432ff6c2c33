"""Made-up books whose every account's true response to outreach is known, and what a planner sees of them.

A planner sees features, and probabilities of a model fitted to what past accounts did; never the truth.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.optimize import brentq
from scipy.special import expit
from scipy.stats import norm
from sklearn.linear_model import LogisticRegression

from standfast.decision.bundles import BUNDLES, bundle_table
from standfast.decision.guards import sleeping_dogs
from standfast.decision.matrix import CELL_NAMES
from standfast.decision.response import Response, dose, fatigue, gains, kept_value, shifted
from standfast.pipelines.place import place_strangers
from standfast.settings import Settings

SETTINGS = Settings()
COUNTS = np.array([bundle.counts for bundle in BUNDLES])

N_ACCOUNTS, N_PAST, N_FEATURES = 600, 5_000, 8
MEAN_REVENUE = 20_000.0
STEADY = 0.5
"""Share of a feature's variance that does not move: plan, size, contract. The rest is what people do."""
MONTH_TO_MONTH = 2 / 3
"""Correlation of what people do: counted over 90 days, two months in a row share 60 of them."""
WEIGHT, TOGETHER, UNSEEN = 0.35, 0.4, 0.7
"""Log-odds: spread over features, of two together (no model sees it), of all that no feature shows."""
UNLIKE = 0.6
"""Accounts respond unlike: standard deviation of the logarithm of an effect around the world's mean."""


@dataclass(frozen=True, kw_only=True)
class World:
    """How accounts differ from those of the base world.

    Effects are means over accounts; ``saturation`` multiplies the touches that reach 63 % of a full dose;
    ``woken`` and ``contrary`` are the shares of sleeping and of other accounts that outreach drives away.
    """

    name: str
    churn_rate: float = 0.08
    growth_rate: float = 0.06
    revenue_spread: float = 1.3
    upsell_share: float = 0.2
    save_effect: float = 0.5
    expand_effect: float = 0.5
    fatigue_per_contact: float = 0.05
    saturation: float = 1.0
    woken: float = 0.0
    contrary: float = 0.0


WORLDS = (
    World(name="base"),
    World(name="sleeping dogs", woken=0.7, contrary=0.05),
    World(name="expansion-led", churn_rate=0.04, growth_rate=0.15, upsell_share=0.5),
    World(name="flat revenue", revenue_spread=0.3),
    World(name="heavy-tailed revenue", revenue_spread=2.0),
    World(name="slow saturation", saturation=2.0),
    World(name="fast saturation", saturation=0.5),
)
MANY_DOGS = World(name="many sleeping dogs", woken=0.9, contrary=0.3)
"""Beside most of those the rule knows, three in ten of all others are driven away, and no sign tells them."""
NO_EFFECT = World(name="no effect", save_effect=0.0, expand_effect=0.0, fatigue_per_contact=0.0)


class Book(NamedTuple):
    """What a planner sees in one month, and the truth.

    ``worth`` is each bundle's true net value over no outreach and ``minutes`` what it takes, both (accounts,
    bundles); ``true_scores`` are the scores of a planner who knows each probability. ``leaves`` and ``grows``
    are the true chances of churn, and of expansion where it stays, under each bundle.
    """

    scores: pd.DataFrame
    true_scores: pd.DataFrame
    worth: np.ndarray
    minutes: np.ndarray
    leaves: np.ndarray
    grows: np.ndarray


class _Truth(NamedTuple):
    """What each bundle does to each account: net value, minutes, chances; (accounts, bundles)."""

    worth: np.ndarray
    minutes: np.ndarray
    leaves: np.ndarray
    grows: np.ndarray


class _Traits(NamedTuple):
    """What stays with an account: its size, what no feature shows, and how it responds."""

    size: np.ndarray
    unseen: np.ndarray
    effects: np.ndarray
    luck: np.ndarray
    renews: np.ndarray
    tickets: np.ndarray


class _Outcome(NamedTuple):
    """Churn or growth: its true log-odds, and the model fitted to past accounts."""

    weights: np.ndarray
    level: float
    model: LogisticRegression

    def truth(self, features: np.ndarray, unseen: np.ndarray) -> np.ndarray:
        return expit(self.level + _told(features, self.weights) + unseen)

    def belief(self, features: np.ndarray) -> np.ndarray:
        believed: np.ndarray = self.model.predict_proba(features)[:, 1]
        return believed


def months(
    world: World,
    *,
    seed: int,
    n_months: int,
    correlation: float = MONTH_TO_MONTH,
    n_accounts: int = N_ACCOUNTS,
) -> Iterator[Book]:
    """Give one book month after month: the same accounts, whose features move.

    Who leaves is followed by an account like it, so that the book is the same whatever the plan does.
    """
    random = np.random.default_rng([seed, *world.name.encode()])
    churn, growth = (_outcome(random, rate) for rate in (world.churn_rate, world.growth_rate))
    traits = _traits(world, random, n_accounts)
    steady, moving = random.normal(size=(2, n_accounts, N_FEATURES - 1))
    for _ in range(n_months):
        features = np.column_stack([np.sqrt(STEADY) * steady + np.sqrt(1 - STEADY) * moving, traits.size])
        yield _book(world, traits, features, churn=churn, growth=growth)
        news = random.normal(size=moving.shape)
        moving = correlation * moving + np.sqrt(1 - correlation**2) * news


def _told(features: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Give the log-odds that features tell."""
    return np.asarray(features @ weights + TOGETHER * features[:, 0] * features[:, 1])


def _outcome(random: np.random.Generator, rate: float) -> _Outcome:
    """Draw how an outcome comes about, let past accounts meet it, and fit the model to what they did."""
    weights = random.normal(0, WEIGHT, N_FEATURES)
    past = random.normal(size=(N_PAST, N_FEATURES))
    log_odds = _told(past, weights) + random.normal(0, UNSEEN, N_PAST)
    level = brentq(lambda level: expit(level + log_odds).mean() - rate, -20, 20)
    happened = random.random(N_PAST) < expit(level + log_odds)
    return _Outcome(weights, level, LogisticRegression().fit(past, happened))


def _traits(world: World, random: np.random.Generator, n_accounts: int) -> _Traits:
    unlike = np.exp(random.normal(-(UNLIKE**2) / 2, UNLIKE, (2, n_accounts)))
    return _Traits(
        size=random.normal(size=n_accounts),
        unseen=random.normal(0, UNSEEN, (2, n_accounts)),
        effects=unlike * np.array([[world.save_effect], [world.expand_effect]]),
        luck=random.random(n_accounts),
        renews=random.random(n_accounts) < 0.6,
        tickets=random.poisson(0.3, n_accounts),
    )


def _book(world: World, traits: _Traits, features: np.ndarray, *, churn: _Outcome, growth: _Outcome) -> Book:
    """Give the month's view of the accounts, and what each bundle is truly worth to each."""
    spread = world.revenue_spread
    revenue = MEAN_REVENUE * np.exp(spread * traits.size - spread**2 / 2)
    seen = pd.DataFrame(
        {
            "account_id": [f"A{number:04d}" for number in range(len(traits.size))],
            "annual_revenue": revenue,
            "upsell_value": world.upsell_share * revenue,
            "auto_renew": traits.renews,
            "seat_utilisation": norm.cdf(features[:, 0]),
            "sponsor_engagement": norm.cdf(features[:, 1]),
            "open_critical": traits.tickets,
        }
    )
    p, q = churn.truth(features, traits.unseen[0]), growth.truth(features, traits.unseen[1])
    believed = {"churn_probability": churn.belief(features), "upsell_probability": growth.belief(features)}
    scores = place_strangers(seen.assign(**believed), settings=SETTINGS)
    driven_away = traits.luck < np.where(
        sleeping_dogs(seen, guards=SETTINGS.guards), world.woken, world.contrary
    )
    effects = traits.effects * np.where(driven_away, [[-1.0], [0.0]], 1.0)
    cell = pd.Index(CELL_NAMES).get_indexer(scores["cell"])
    true_scores = scores.assign(churn_probability=p, upsell_probability=q)
    return Book(scores, true_scores, *_truth(world, p, q, revenue, effects=effects, cell=cell))


def _truth(
    world: World, p: np.ndarray, q: np.ndarray, revenue: np.ndarray, *, effects: np.ndarray, cell: np.ndarray
) -> _Truth:
    """Give the true v(n), minutes and chances of every bundle for every account, ceilings aside."""
    response = _true_response(world)
    table = bundle_table(
        channels=SETTINGS.channels, response=response, hourly_cost=SETTINGS.capacity.hourly_cost
    )
    full, tired = dose(COUNTS, response=response), fatigue(COUNTS, response=response)
    margin = SETTINGS.economics.gross_margin * revenue
    kept = kept_value(p, margin, horizon_days=SETTINGS.horizon.horizon_days)
    save, expand = effects[:, :, None]
    churn_shift, expand_shift = np.exp(-save * full + tired), np.exp(expand * full - tired)
    earned = gains(
        p[:, None],
        q[:, None],
        kept[:, None],
        (margin * world.upsell_share)[:, None],
        churn_shift=churn_shift,
        expand_shift=expand_shift,
    )
    return _Truth(
        earned.save + earned.expand - table.cost[cell],
        table.minutes[cell],
        shifted(p[:, None], churn_shift),
        shifted(q[:, None], expand_shift),
    )


def _true_response(world: World) -> Response:
    """Give the world's dose curve; the planner believes in the default one."""
    believed = Response()
    return Response(
        in_person_saturation=believed.in_person_saturation * world.saturation,
        call_saturation=believed.call_saturation * world.saturation,
        email_saturation=believed.email_saturation * world.saturation,
        digital_saturation=believed.digital_saturation * world.saturation,
        fatigue_per_contact=world.fatigue_per_contact,
    )
