"""What the plan's list would have been worth, and what the rules people use would have been."""

from dataclasses import dataclass
from typing import Annotated

from annotated_types import Ge, Gt
from typing_extensions import Doc


@dataclass(frozen=True, kw_only=True)
class BacktestPolicy:
    """Which past is replayed, and how a list is judged."""

    most_dates: Annotated[int, Gt(0), Doc("past dates that are replayed at most, the newest")] = 4
    first_calls: Annotated[int, Gt(0), Doc("length of the list whose precision is told")] = 50
    draws: Annotated[int, Ge(0), Doc("bootstrap draws over accounts behind each interval")] = 400
