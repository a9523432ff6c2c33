"""One account's reasons, moves and reach as lines: signed figures, values as people say them."""

import math
from collections.abc import Iterator, Sequence
from typing import Any

from standfast.propensity.reasons import SMALL, Moves, Reach, Reason, Reasons, total
from standfast.report.wording import MINUS, is_known, money, percent, plain, rounded

N_PER_FAMILY = 3
N_MOVES = 6
N_GOALS = 5


def told(value: Any, unit: str, currency: str = "") -> str:
    """Say a feature's value in its unit.

    >>> told(0.25, "share").replace("\u00a0", " "), told(True, "1 or 0"), told(None, "days")
    ('25 %', 'yes', 'unknown')
    """
    if isinstance(value, str) or not is_known(value):
        return value or "unknown"
    if unit == "1 or 0":
        return "yes" if value else "no"
    if unit in {"share", "log ratio"}:
        return percent(value if unit == "share" else math.expm1(value))
    if unit.startswith("money"):
        return money(value, currency)
    return plain(rounded(value)) + (" days" if unit == "days" else "")


def reason_lines(
    reasons: Reasons, *, peers: str | None, word: str, currency: str = "", n_shown: int = N_PER_FAMILY
) -> list[str]:
    """Tell the reasons by family, each with its sum, its strongest and what is left, down to the total."""
    who = f"; peers: {peers}" if peers else ""
    lines = [
        f"why this probability of {word}, in log-odds (+ raises it, - lowers it{who}):",
        f"  {_signed(reasons.base)}  the average account",
    ]
    for family, found in reasons.by_family().items():
        lines += [f"  {_signed(total(found))}  {family}", *_family_lines(found, currency, n_shown)]
    return [*lines, f"  {_signed(reasons.log_odds)}  together, which is {percent(reasons.probability)}"]


def _family_lines(found: Sequence[Reason], currency: str, n_shown: int) -> Iterator[str]:
    shown = [reason for reason in found if abs(reason.effect) >= SMALL][:n_shown]
    for reason in shown:
        peers = "" if reason.peers is None else f" (peers {told(reason.peers, reason.unit, currency)})"
        value = told(reason.value, reason.unit, currency)
        yield f"       {_signed(reason.effect)}  {reason.feature}: {value}{peers}"
    left = found[len(shown) :]
    if shown and abs(total(left)) >= SMALL:
        yield f"       {_signed(total(left))}  {len(left)} more"


def move_lines(moves: Moves, *, since: str, currency: str = "", n_shown: int = N_MOVES) -> list[str]:
    """Tell what moved the log-odds since a date, the largest first, and what is left."""
    then = percent(moves.probability_then)
    shown = [move for move in moves.every if abs(move.change) >= SMALL][:n_shown]
    if not shown:
        return [f"since {since}: nothing that moves the probability, which was {then}"]
    left = moves.change - math.fsum(move.change for move in shown)
    lines = [f"since {since}, when it was {then}, the log-odds moved by {_signed(moves.change)}:"]
    for move in shown:
        was, now = told(move.then, move.unit, currency), told(move.now, move.unit, currency)
        way = f"{was}, now {now}" if was != now else f"{now} as before, beside other features"
        lines.append(f"  {_signed(move.change)}  {move.feature}: {way}")
    return [*lines, f"  {_signed(left)}  all others"] if abs(left) >= SMALL else lines


def reach_lines(reach: Reach, *, word: str, currency: str = "") -> list[str]:
    """Tell what the probability would be with single features as others have them; only what lowers it."""
    now = reach.probability
    lower = [one for one in reach.every if one.probability < now and percent(one.probability) != percent(now)]
    if not lower:
        return []
    lines = [f"within reach (what the model would say of {word} then; a sign, not a cause):"]
    for one in lower[:N_GOALS]:
        goal, value = told(one.goal, one.unit, currency), told(one.value, one.unit, currency)
        lines.append(f"  {percent(one.probability)}  {one.feature}: {goal} instead of {value} ({one.what})")
    if reach.together is not None and reach.together < lower[0].probability:
        lines.append(f"  {percent(reach.together)}  all that is within reach, each at its nearest goal")
    return lines


def _signed(effect: float) -> str:
    return f"{effect:+.2f}".replace("-", MINUS) if abs(effect) >= SMALL else " 0.00"
