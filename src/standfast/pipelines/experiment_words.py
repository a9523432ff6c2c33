"""What is said of experiments, in plain sentences."""

import math

from standfast.learning.experiment_policy import ExperimentPolicy
from standfast.learning.outlook import Outlook
from standfast.report.wording import count, counted, percent


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

    >>> months(1.2), months(14.7), months(math.inf)
    ('2 months', '15 months', 'for ever')
    """
    return "for ever" if math.isinf(n) else counted(math.ceil(n), "month")
