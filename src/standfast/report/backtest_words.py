"""What a replay of the past shows, in words: whom the lists would have found, and the money."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from standfast.report.backtest_tables import with_ends
from standfast.report.wording import count, counted, day, hours, is_known, money, percent

Told = Mapping[str, Any]
PLAN = "plan"
FEW_LEAVERS = 20


def backtest_sentences(told: Told) -> Iterator[str]:
    """Say where those who left had stood, in money, against the other rules, and how sure that is."""
    yield _stood(told)
    if told["n_left"] < FEW_LEAVERS:
        yield (
            f"Only {counted(told['n_left'], 'account')} left over these dates: this says little of any rule; "
            "read the intervals, not the figures."
        )
    if told["hours"] > 0:
        yield from (reached_sentence(told), _worth(told), *_ahead(told))
    else:
        yield (
            "The plan would have spent no hours on these dates, for no call or visit was worth its cost: "
            "there is no money to compare."
        )
    yield (
        "Past accounts were contacted as your team saw fit: this is under past practice. It shows whom each "
        "list would have found; what a contact would have changed is an assumption, the same for all lists."
    )


def skipped_lines(told: Told) -> list[str]:
    """Say which dates could not be replayed, and why."""
    return [f"{one['date']} could not be replayed: {one['why']}" for one in told["skipped"]]


def _plan(told: Told) -> Told:
    (mine,) = (rule for rule in told["rules"] if rule["rule"] == PLAN)
    return cast("Told", mine)


def _others(told: Told) -> list[Told]:
    """Give the other rules, that which reached most first."""
    others = [rule for rule in told["rules"] if rule["rule"] != PLAN]
    return sorted(others, key=lambda rule: -rule["figures"]["revenue_reached"][0])


def _stood(told: Told) -> str:
    dates = [day(one["date"]) for one in told["dates"]]
    when = f"on {dates[0]}" if len(dates) == 1 else f"on {len(dates)} dates from {dates[0]} to {dates[-1]}"
    days = told["lead_days"] + told["horizon_days"]
    left = told["n_left"]
    if not left:
        return f"Nobody left in the {days} days after the lists were made {when}."
    fifth, half = (count(_plan(told)["figures"][f"in_first_{part}"][0] * left) for part in (20, 50))
    first = max(told["rules"], key=lambda rule: rule["figures"]["in_first_20"][0])
    there = count(first["figures"]["in_first_20"][0] * left)
    most = f"; in that of {first['words']} {there} did"
    return (
        f"Of the {counted(left, 'account')} that left within {days} days of lists made {when}, {fifth} stood "
        f"in the first fifth of the plan's list{'' if first['rule'] == PLAN else most}; {half} stood in its "
        "first half."
    )


def reached_sentence(told: Told) -> str:
    """Say what the hours would have reached of the revenue that left, for the plan and every other rule."""
    mine, currency = _plan(told)["figures"], told["currency"]
    rest = ", ".join(
        f"{rule['words']}: {money(rule['figures']['revenue_reached'][0])}" for rule in _others(told)
    )
    return (
        f"In {hours(told['hours'])} over these dates the plan would have reached "
        f"{money(mine['revenue_reached'][0], currency)} of {money(told['left_revenue'], currency)} of yearly "
        f"revenue that left: {with_ends(mine['revenue_share_reached'], percent)}. In the same hours {rest}."
    )


def _worth(told: Told) -> str:
    mine, currency = _plan(told)["figures"], told["currency"]
    cautious, planned = (with_ends(mine[f"{how}_value"], money) for how in ("conservative", "expected"))
    return (
        f"If a call or visit keeps {percent(told['save_rate'])} of those who would leave, sells nothing, and "
        f"every touch is paid for, that was worth {cautious} {currency}".rstrip()
        + f"; at the response that the plan assumes, {planned} {currency}".rstrip()
        + "."
    )


def _ahead(told: Told) -> Iterator[str]:
    """Compare with the best other rule, and name those that cannot be told apart from the plan."""
    others = _others(told)
    if not others or not told["n_left"]:
        return
    best = max(others, key=lambda rule: rule["figures"]["conservative_value"][0])
    difference, low, high = best["ahead"]["conservative_value"]
    word = "ahead of" if difference >= 0 else "behind"
    ends = f"{money(low)} to {money(high)}, {percent(told['level'])} interval over accounts"
    yield (
        f"Cautiously counted the plan is {money(abs(difference), told['currency'])} {word} the best other "
        f"rule, {best['words']} (difference {ends})."
    )
    unclear = [rule["words"] for rule in others if not _is_clear(rule["ahead"]["conservative_value"])]
    if unclear:
        yield (
            f"Too few to tell the plan apart from {', '.join(unclear)}: the intervals of these differences "
            "include zero."
        )


def _is_clear(difference: Sequence[float]) -> bool:
    _, low, high = difference
    return is_known(low) and is_known(high) and (low > 0 or high < 0)
