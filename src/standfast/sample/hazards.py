"""The chances of a month: what health, seats and the contract make of churn, expansion and contraction."""

import numpy as np

from standfast.sample.streams import Flags, Floats, sigmoid


def engagement(health: Floats) -> Floats:
    """Share of those who could use the product that do."""
    return sigmoid(0.8 + 0.9 * health)


def churn_hazard(
    health: Floats, *, yearly: Flags, renews: Flags, auto_renew: Flags, sponsor_gap: Flags, price_rise: Floats
) -> Floats:
    """Chance that the account leaves this month: yearly contracts at their end, hardly within the term."""
    moved = -1.1 * health + 0.5 * sponsor_gap + 6.0 * price_rise - 0.5 * auto_renew
    base = np.where(yearly, np.where(renews, -2.2, -5.55), -4.6)
    return sigmoid(base + np.where(yearly & ~renews, 0.8, 1.0) * moved)


def expansion_propensity(health: Floats, *, utilisation: Floats, renews_yearly: Flags) -> Floats:
    """Chance that an account that stays buys more this month: healthy, nearly full, more so at a renewal."""
    return sigmoid(-5.5 + 0.4 * health + 7.5 * (utilisation - 0.65) + 1.0 * renews_yearly)


def contraction_propensity(health: Floats, *, utilisation: Floats, renews: Flags, yearly: Flags) -> Floats:
    """Chance that an account that stays gives seats back at a renewal."""
    base = np.where(yearly, -2.4, -4.7)
    return np.where(renews, sigmoid(base - 0.7 * health - 3.0 * (utilisation - 0.6)), 0.0)
