"""How a campaign for a new offer goes from list to list, as policy a team may set."""

from dataclasses import dataclass
from typing import Annotated, Literal

from annotated_types import Ge, Gt, Interval
from typing_extensions import Doc

from standfast.decision.spend_tiers import LISTS
from standfast.errors import InputError

Result = Literal["none", "meeting", "sale", "refused"]
RESULTS: tuple[Result, ...] = ("none", "meeting", "sale", "refused")
"""What may come of a contact."""


@dataclass(frozen=True, kw_only=True)
class CampaignPolicy:
    """When a list of a campaign has been worked, and when the next one is not worth its effort."""

    lists: Annotated[tuple[str, ...], Doc("lists a campaign goes through, in this order: A, B, C, D")] = (
        "A",
        "B",
        "C",
    )
    gate_share: Annotated[
        float, Interval(gt=0, le=1), Doc("share of a list's reachable accounts contacted before it is judged")
    ] = 0.8
    least_accounts: Annotated[
        int, Ge(1), Doc("accounts contacted before a list is judged; all of a shorter list")
    ] = 5
    max_effort_ratio: Annotated[
        float, Gt(0), Doc("effort per won revenue, as a multiple of the first list's, that is too much")
    ] = 2.0
    confidence: Annotated[
        float,
        Interval(gt=0.5, lt=1),
        Doc("confidence of the interval of that multiple; at 0.9 an advice to stop errs 5 times in 100"),
    ] = 0.9

    def __post_init__(self) -> None:
        """Refuse lists that nobody knows."""
        in_list_order(self.lists)


def in_list_order(lists: tuple[str, ...]) -> tuple[str, ...]:
    """Return the lists as a campaign goes through them, the best accounts first (O1).

    Raises
    ------
    InputError
        A list is unknown, or none is named.

    Examples
    --------
    >>> in_list_order(("c", "A"))
    ('A', 'C')
    """
    asked = {name.strip().upper() for name in lists} - {""}
    if strange := sorted(asked - set(LISTS)):
        raise InputError(f"there are no lists {strange}; a campaign goes through some of {', '.join(LISTS)}")
    if not asked:
        raise InputError(f"a campaign needs a list; name some of {', '.join(LISTS)}, such as A,B,C")
    return tuple(name for name in LISTS if name in asked)
