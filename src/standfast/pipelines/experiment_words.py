"""What is said of experiments, in plain sentences."""

import math
from datetime import date

from standfast.learning.effect import Effect
from standfast.learning.experiment_policy import ExperimentPolicy
from standfast.learning.intervals import Interval
from standfast.learning.outcomes import OUTCOMES, OutcomeName
from standfast.learning.outlook import Outlook
from standfast.learning.readout import Comparison, ReadOut
from standfast.learning.stopping import Advice
from standfast.report.wording import UNKNOWN, count, counted, day, money, percent

DID: dict[OutcomeName, str] = {
    "churned": "left", "expanded": "expanded", "revenue": "revenue", "complained": "complained",
}  # fmt: skip
GAINED: dict[OutcomeName, str] = {
    "churned": "more stayed", "expanded": "more expanded", "revenue": "gained",
    "complained": "fewer complained",
}  # fmt: skip


def too_small(found: Outlook, policy: ExperimentPolicy, *, horizon_days: int) -> str:
    """Say why a test can never teach anything, and what to do instead."""
    way = (
        "widen --segment, try a play that may do much more, or start it --anyway to learn what little it can"
    )
    may = f"{counted(found.n_eligible, 'account')} may be in this test"
    if found.size is None:
        return (
            f"{may}, and no model knows how often they leave, so nobody can say whether it is enough; {way}"
        )
    cycles = math.ceil(found.size.total / max(1, found.n_eligible))
    return (
        f"too small to teach anything: {may}, and it takes {count(found.size.total)} to show "
        f"{percent(policy.relative_reduction)} less of {percent(found.base_rate)}: "
        f"{counted(cycles, 'cycle')} of {horizon_days} days, about {months(found.months)}, and "
        f"{count(int(policy.most_months))} months are the most ([experiments] most_months); {way}"
    )


def months(n: float) -> str:
    """Word a number of months.

    >>> [months(n).replace("\N{NO-BREAK SPACE}", " ") for n in (1.2, 14.7, math.inf)]
    ['2 months', '15 months', 'for ever']
    """
    return "for ever" if math.isinf(n) else counted(math.ceil(n), "month")


def verdict_words(one: Comparison) -> str:
    """Say what a comparison amounts to."""
    found = {
        "helps": f"{one.effect.arm!r} helps",
        "hurts": f"{one.effect.arm!r} does harm",
        "alike": "alike: surely no difference worth knowing",
    }
    if one.finding in found:
        return found[one.finding]
    if one.lack is None:
        return "not shown: it may be chance"
    if one.lack.n_more == 0:
        return "not shown, although an effect worth knowing would probably have been"
    if math.isinf(one.lack.months):
        return f"too small: {counted(one.lack.n_more, 'more account')}"
    return f"too small: {counted(one.lack.n_more, 'more account')}, about {months(one.lack.months)} more"


def effect_words(effect: Effect, gain: Interval, *, currency: str) -> str:
    """Say what an arm did: in accounts, or in money that leans low."""
    if not OUTCOMES[effect.outcome].is_share:
        low, middle, high = (effect.n_rows * each for each in (gain.low, effect.gained, gain.high))
        told = (
            f"{_signed(middle, currency)} a year over {counted(effect.n_rows, 'account')} of {effect.arm!r}"
        )
        return (
            f"revenue: at least {_signed(low, currency)}, at most {_signed(high, currency)}; likeliest {told}"
        )
    more = f"{_accounts(effect.n_rows * effect.gained)} {GAINED[effect.outcome]}"
    between = f"{_accounts(effect.n_rows * gain.low)} to {_accounts(effect.n_rows * gain.high)}"
    return (
        f"{DID[effect.outcome]}: {percent(effect.rate)} of {count(effect.n_rows)} of {effect.arm!r}, "
        f"{percent(effect.control_rate)} of {count(effect.n_control)} of {effect.control!r}; "
        f"{more} of {count(effect.n_rows)} ({between})"
    )


def tally_words(read: ReadOut) -> tuple[str, ...]:
    """Say what was drawn and what of it is compared; nothing is left out unsaid."""
    tally = read.tally
    drawn = (
        f"drawn: {counted(tally.n_accounts, 'account')} in {counted(tally.n_cycles, 'cycle')}, "
        f"{counted(tally.n_rows, 'row')}; {count(tally.n_read)} are compared"
    )
    left = (
        (tally.n_open, "have not matured yet and are left out"),
        (tally.n_unknown, "matured, but nobody knows whether they stayed: left out"),
        (tally.n_twice, "are in two arms of a cycle: left out"),
        (tally.n_crossed, "were held out and contacted all the same: they stay in their arm"),
        (tally.n_unrecorded, 'have no record of what was done, which is not "nothing done"'),
    )
    return (drawn, *(f"{count(n)} {what}" for n, what in left if n))


def advice_words(advice: Advice, read: ReadOut, *, ends_on: date | None) -> str:
    """Say whether to go on."""
    told = {
        "harm": f"stop it: {advice.arm!r} surely makes more accounts leave or complain than {read.control!r}",
        "enough": f"the evidence is enough for {advice.arm!r} against {read.control!r}: it may be stopped",
        "ended": "its time is over: read it with the interval of one look, and stop it",
        "waiting": "go on: too little has matured to be read",
        "go on": "go on: the evidence is not enough yet",
    }[advice.kind]
    return told if ends_on is None or advice.stops else f"{told}; it ends on {day(ends_on)}"


def _accounts(n: float) -> str:
    return f"{'+' if n >= 0.5 else ''}{count(n)}" if math.isfinite(n) else UNKNOWN


def _signed(amount: float, currency: str) -> str:
    if not math.isfinite(amount):
        return UNKNOWN
    return f"{'+' if amount > 0 else ''}{money(amount, currency)}"
