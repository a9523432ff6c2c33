"""What ``standfast experiment`` says, for a person."""

import math
import shlex
from typing import TYPE_CHECKING

from standfast.learning.outcomes import OUTCOMES
from standfast.pipelines.experiment_words import DID, effect_words, months, verdict_words
from standfast.report.wording import UNKNOWN, count, counted, day, money, percent
from standfast.terminal.show import print_lines, print_table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from standfast.learning.effect import Effect
    from standfast.learning.intervals import Interval
    from standfast.learning.outlook import Outlook
    from standfast.pipelines.experiment_power import PlannedPower
    from standfast.pipelines.experiment_read import ExperimentList, ExperimentRead, ExperimentStatus
    from standfast.pipelines.experiment_start import StartedTest

NOT_BY_CHANCE = (
    "By what was recorded as done, kept apart: whom people contact is no chance, so these are no effects"
)


def show_started(started: "StartedTest") -> None:
    """Say who is in which arm, what the test can show, and how to go on."""
    test, found = started.experiment, started.outlook
    horizon = counted(test.terms["horizon_days"], "day")
    arms = ", ".join(f"{count(n)} get {arm!r}" for arm, n in started.arms.items())
    print_lines(
        [
            f"test {test.name!r}, cycle of {day(started.cycle)}: {arms}",
            f"it is to show: {test.hypothesis}",
            *([f"left out: {_counts(started.left_out)}"] if started.left_out else []),
            f"{percent(found.base_rate)} {_would(test.outcome)} in {horizon}; {_can_show(found)}",
            "the next plan gives each account its play: standfast plan",
            f"look as often as you like: standfast experiment status {shlex.quote(test.name)}",
        ]
    )


def show_list(found: "ExperimentList") -> None:
    """Say which experiments there are."""
    if not found.experiments:
        print_lines(
            ["no experiment yet; the plan's holdout begins with the first plan that the ledger keeps"]
        )
        return
    print_table(
        "Experiments",
        ("name", "what", "arms", "decides", "segment", "began", "stopped"),
        [
            (one.name, one.kind, " / ".join(f"{arm} {percent(share)}" for arm, share in one.arms.items()),
             one.outcome, one.segment or "all eligible", day(one.started_on),
             f"{day(one.stopped_on)}: {one.stop_reason}" if one.stopped_on else "no")
            for one in found.experiments
        ],
    )  # fmt: skip
    print_lines(["one of them: standfast experiment report NAME"])


def show_status(found: "ExperimentStatus") -> None:
    """Say how each experiment stands and whether to go on."""
    if not found.reads:
        print_lines(["no experiment is live; all of them: standfast experiment list"])
    for one in found.reads:
        print_lines(
            [
                f"{one.experiment.name}: {one.experiment.hypothesis or 'no hypothesis was named'}",
                *(f"  {said}" for said in (*one.tallied, *one.verdicts, one.advice_sentence)),
            ]
        )
    if found.reads:
        print_lines([*(f"careful: {said}" for said in found.reads[0].oddities)])


def show_report(one: "ExperimentRead") -> None:
    """Read an experiment out: accounts, then money; by chance, and apart from it by deed."""
    test, read = one.experiment, one.read
    print_lines(
        [
            f"experiment {test.name!r}, since {day(test.started_on)}: {test.hypothesis or 'no hypothesis'}",
            *one.tallied,
            "",
        ]
    )
    _arms(one)
    if read.by_chance:
        _by_chance(one)
    if read.by_deed:
        print_table(
            NOT_BY_CHANCE,
            ("outcome", "arm", "rate", "control", "difference", "interval"),
            [(DID[e.outcome], *_effect_row(e)) for e in read.by_deed],
        )
    money_too = [c for c in read.by_chance if c.effect.outcome == "revenue" and not c.is_primary]
    print_lines(
        [
            *one.verdicts,
            *(effect_words(c.effect, c.judged_by, currency=one.currency) for c in money_too),
            *([_decided(one)] if read.by_chance else []),
            one.advice_sentence,
            *(f"careful: {said}" for said in one.oddities),
        ]
    )


def _by_chance(one: "ExperimentRead") -> None:
    print_table(
        f"By the arm that chance gave, against {one.read.control!r} ({_gains(one)})",
        ("outcome", "arm", "rate", "control", "gained", "one look", "any look", "verdict"),
        [
            (_name(c.effect, is_primary=c.is_primary), *_effect_row(c.effect),
             _between(c.effect, c.effect.always_gain), verdict_words(c))
            for c in one.read.by_chance
        ],
    )  # fmt: skip


def _decided(one: "ExperimentRead") -> str:
    looks = "one look, for its time is over" if one.read.looks == "once" else "any look"
    return (
        f"decided by the intervals of {looks} ({percent(one.read.confidence)}); secondary outcomes are "
        "corrected for how many there are"
    )


def show_power(found: "PlannedPower") -> None:
    """Say how many accounts a test takes, how long that is, and what fewer can show."""
    told, policy = found.outlook, found.policy
    if told.size is None:
        print_lines(["nobody knows how often they leave; give it with --rate, such as 0.08"])
        return
    takes = (
        f"{percent(policy.relative_reduction)} less of {percent(told.base_rate)} takes "
        f"{counted(told.size.total, 'account')}: {count(told.size.arm)} get the new play, "
        f"{count(told.size.control)} the known one ({percent(policy.power)} power, "
        f"{percent(policy.confidence)} confidence)"
    )
    how_long = "--accounts N says how long that takes, and what fewer can show"
    if told.n_eligible:
        may = (
            f"{counted(told.n_eligible, 'account')} may take part in each cycle of {found.horizon_days} days"
        )
        how_long = f"{may}: {months(told.months)}; {_can_show(told)}"
    left_out = [f"left out: {_counts(found.left_out)}"] if found.left_out else []
    print_lines([takes, how_long, *left_out])


def _arms(one: "ExperimentRead") -> None:
    print_table(
        "What was drawn and done",
        ("arm", "drawn", "matured", "with a record", "contacted of these", "left", "expanded"),
        [
            (arm.arm, *(count(n) for n in (arm.n_drawn, arm.n_matured, arm.n_recorded, arm.n_contacted,
                                           arm.n_churned, arm.n_expanded)))
            for arm in one.read.tally.arms
        ],
    )  # fmt: skip


def _gains(one: "ExperimentRead") -> str:
    return f"above zero is good; shares in points, money in {one.currency} a year per account"


def _name(effect: "Effect", *, is_primary: bool) -> str:
    return f"{DID[effect.outcome]} (decides)" if is_primary else DID[effect.outcome]


def _effect_row(effect: "Effect") -> tuple[str, ...]:
    is_share = OUTCOMES[effect.outcome].is_share
    show = percent if is_share else money
    return (
        effect.arm, show(effect.rate), show(effect.control_rate), _gain(effect, effect.gained),
        _between(effect, effect.gain),
    )  # fmt: skip


def _between(effect: "Effect", gain: "Interval") -> str:
    return f"{_gain(effect, gain.low)} to {_gain(effect, gain.high)}"


def _gain(effect: "Effect", amount: float) -> str:
    if not math.isfinite(amount):
        return UNKNOWN
    told = f"{100 * amount:.1f}" if OUTCOMES[effect.outcome].is_share else money(amount)
    return f"+{told}" if amount > 0 else told.replace("-", "\N{MINUS SIGN}")


def _counts(left_out: "Mapping[str, int]") -> str:
    return "; ".join(f"{count(n)} {why}" for why, n in left_out.items())


def _would(outcome: str) -> str:
    return "would leave" if outcome == "churned" else "would expand"


def _can_show(found: "Outlook") -> str:
    once, in_all = found.detectable
    if math.isinf(in_all):
        return "no effect is large enough to be shown by so few until the end"
    first = "nothing" if math.isinf(once) else f"an effect of {percent(once)} of that"
    return f"one cycle shows {first}, all cycles until its end {percent(in_all)}"
