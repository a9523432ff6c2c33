"""What a trial changes in log loss and AUC: paired differences, their errors over accounts and over draws."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import rankdata

Floats = np.ndarray
METRICS = ("log loss", "auc")


@dataclass(frozen=True, eq=False)
class Change:
    """Differences on the rows of one test: ``per_draw`` of both metrics, shape (n_draws, 2).

    ``part`` is each row's part in their mean, shape (n_rows, 2): it sums to zero, and the sum of its squares
    over accounts is the variance of the mean.
    """

    per_draw: Floats
    accounts: Floats
    part: Floats


def change(y: Floats, accounts: Floats, without: Sequence[Floats], tried: Sequence[Floats]) -> Change:
    """Compare the log-odds that both ways of fitting gave the same rows, draw by draw."""
    told = [(_told(y, new), _told(y, old)) for new, old in zip(tried, without, strict=True)]
    per_draw = np.array([new[0] - old[0] for new, old in told])
    return Change(per_draw, accounts, np.mean([new[1] - old[1] for new, old in told], axis=0))


def mean_change(changes: Sequence[Change]) -> tuple[Floats, Floats]:
    """Mean over tests, and its standard error; an account's rows at several dates count together."""
    per_draw = np.mean([one.per_draw for one in changes], axis=0)
    _, codes = np.unique(np.concatenate([one.accounts for one in changes]), return_inverse=True)
    parts = np.concatenate([one.part for one in changes]) / len(changes)
    variance = np.array([(np.bincount(codes, weights=part) ** 2).sum() for part in parts.T], dtype=float)
    if len(per_draw) > 1:
        variance += per_draw.var(axis=0, ddof=1) / len(per_draw)
    return per_draw.mean(axis=0), np.sqrt(variance)


def in_words(changes: Sequence[Change]) -> str:
    """Both differences with their 95 % intervals."""
    told = []
    for metric, mean, error in zip(METRICS, *mean_change(changes), strict=True):
        told.append(f"{metric} {mean:+.4f} ({mean - 1.96 * error:+.4f} to {mean + 1.96 * error:+.4f})")
    return "; ".join(told)


def losses(y: Floats, log_odds: Floats) -> Floats:
    """Log loss of each row."""
    return np.logaddexp(0.0, log_odds) - y * log_odds


def _told(y: Floats, log_odds: Floats) -> tuple[Floats, Floats]:
    """Both metrics, and each row's part in them (of the AUC: DeLong, DeLong and Clarke-Pearson 1988)."""
    loss, is_event = losses(y, log_odds), y > 0
    n_events, n_others = is_event.sum(), (~is_event).sum()
    rank = rankdata(log_odds)
    below = np.empty(len(y))  # share of the other class on the side where it should be
    below[is_event] = (rank[is_event] - rankdata(log_odds[is_event])) / n_others
    below[~is_event] = 1 - (rank[~is_event] - rankdata(log_odds[~is_event])) / n_events
    auc = below[is_event].mean()
    part = (below - auc) / np.where(is_event, n_events, n_others)
    return np.array([loss.mean(), auc]), np.column_stack([(loss - loss.mean()) / len(y), part])
