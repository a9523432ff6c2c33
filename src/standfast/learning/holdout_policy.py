"""How many accounts a plan leaves alone, and among which of them chance decides."""

from dataclasses import dataclass
from typing import Annotated, Literal

from annotated_types import Ge, Gt, Interval, Le
from typing_extensions import Doc

ValueTier = Literal["high", "medium", "low"]
MOST_LIKELY = 0.5
"""No account is held out with a higher chance, so that both arms have as many as there can be."""


@dataclass(frozen=True, kw_only=True)
class HoldoutPolicy:
    """Accounts that a plan leaves alone by chance, so that the effect of outreach can be measured."""

    is_on: Annotated[
        bool, Doc("Hold accounts out; false releases at once those that a cycle holds out now.")
    ] = True
    share: Annotated[
        float,
        Gt(0),
        Le(MOST_LIKELY),
        Doc("Of the accounts with planned hours so many are held out, as far as there are at the margin."),
    ] = 0.1
    margin: Annotated[
        float,
        Interval(gt=0, le=1),
        Doc("Share of them, those whose hour earns least beyond the cut-off, among which chance decides."),
    ] = 0.5
    value_tiers: Annotated[
        tuple[ValueTier, ...], Doc("Value tiers that may be held out; the high one is too dear to learn on.")
    ] = ("medium", "low")
    most_cost: Annotated[
        float,
        Gt(0),
        Le(1),
        Doc("Share of the plan's worth that a holdout is expected to cost at most; else fewer are held out."),
    ] = 0.006
    fewest: Annotated[
        int, Ge(1), Doc("No cycle begins in which fewer accounts would be held out: it would teach nothing.")
    ] = 5
    release_share: Annotated[
        float,
        Ge(0),
        Le(MOST_LIKELY),
        Doc(
            "Of the accounts that do-not-disturb alone keeps from outreach chance releases so many, to test "
            "that rule; 0: none, since whoever sleeps may be woken."
        ),
    ] = 0.0
    seed: Annotated[int, Interval(ge=0, le=2**31 - 1), Doc("Another seed, other accounts.")] = 0
