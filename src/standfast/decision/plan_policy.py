"""What a plan is made by: the hours there are, and what the settings say of money, touches and restraint."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from standfast.decision.bundles import Bundle, BundleTable, Channels, bundle_table
from standfast.decision.calendar_policy import CalendarPolicy
from standfast.decision.capacity import Capacity
from standfast.decision.guards import Guards
from standfast.decision.matrix import MATRIX, Matrix
from standfast.decision.play_choice import merge_plays
from standfast.decision.plays import Play
from standfast.decision.response import Response
from standfast.decision.reward import Economics


@dataclass(frozen=True, kw_only=True)
class PlanPolicy:
    """The sections of the settings that a plan hangs on, one value each.

    ``calendar`` says what fixed work there is: it is planned first, where the scores hold the dates it is
    made from (``started_on``, ``renews_on``, ``last_human_touch_on``, ``alert_opened_on``). ``matrix`` is the
    one that the scores are placed in; ``plays`` come in the order in which they are tried, see
    ``merge_plays``.
    """

    capacity: Capacity
    economics: Economics = field(default_factory=Economics)
    response: Response = field(default_factory=Response)
    channels: Channels = field(default_factory=Channels)
    guards: Guards = field(default_factory=Guards)
    calendar: CalendarPolicy = field(default_factory=CalendarPolicy)
    horizon_days: int = 90
    matrix: Matrix = MATRIX
    plays: Sequence[Play] = field(default_factory=lambda: merge_plays(()))

    def bundle_table(self, bundles: Sequence[Bundle]) -> BundleTable:
        """Return what each bundle takes, costs and does, and where the matrix allows it."""
        return bundle_table(
            bundles,
            channels=self.channels,
            response=self.response,
            hourly_cost=self.capacity.hourly_cost,
            matrix=self.matrix,
        )
