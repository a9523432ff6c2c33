"""What the gate asks of a model, and what a grade takes: every threshold is a setting."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from annotated_types import Ge, Gt, Interval
from typing_extensions import Doc

from standfast.errors import InputError

CRITERIA: Mapping[str, str] = {
    "base_rate": "says more than the base rate",
    "leakage": "no column it learned from knows the answer",
    "log_loss": "log loss no worse than the champion's",
    "auc": "orders accounts no worse than the champion",
    "level": "promises as many as come",
    "calibration": "calibration error within its noise floor",
    "recency": "orders accounts no worse than longest silent first",
    "revenue_list": "orders accounts no worse than largest first",
    "money": "reaches no less revenue of leavers than the champion in the team's hours",
    "money_rules": "reaches no less revenue of leavers than the rules in the team's hours",
    "segments": "no value tier or industry worse than under the champion",
}
"""Every criterion and what it asks, in the order in which they are told."""


@dataclass(frozen=True, kw_only=True)
class GatePolicy:
    """When a model may be used, when it may replace the champion, and what its grade takes."""

    refuse_first_on: Annotated[
        tuple[str, ...], Doc("criteria that refuse a model where there is no champion to go on with")
    ] = ("leakage", "recency", "revenue_list")
    refuse_on: Annotated[
        tuple[str, ...], Doc("criteria that keep the champion where the challenger fails")
    ] = tuple(name for name in CRITERIA if name != "base_rate")
    needs_certainty: Annotated[
        bool, Doc("whether a lower log loss must be beyond chance, or the lower figure is enough")
    ] = False
    level: Annotated[float, Interval(gt=0, lt=1), Doc("coverage of the gate's intervals")] = 0.9
    n_draws: Annotated[int, Ge(20), Doc("bootstrap draws of accounts; fewer on large tables")] = 200
    few_events: Annotated[
        int, Ge(0), Doc("accounts of the rarer outcome below which log loss alone decides on the base rate")
    ] = 20
    group_events: Annotated[
        int, Gt(0), Doc("accounts of either outcome a tier or an industry needs to be judged")
    ] = 30
    level_tolerance: Annotated[
        float, Ge(0), Doc("share of the event rate by which the level may be off although that is no chance")
    ] = 0.1
    ece_tolerance: Annotated[
        float, Ge(0), Doc("calibration error that is let pass although it is beyond the noise floor")
    ] = 0.01
    hours_per_account: Annotated[
        float, Gt(0), Doc("hours an account takes in a horizon, when asked how far the team's hours reach")
    ] = 8.0
    grade_a_auc: Annotated[float, Interval(ge=0.5, le=1), Doc("low end of the AUC an A takes")] = 0.8
    grade_b_auc: Annotated[float, Interval(ge=0.5, le=1), Doc("low end of the AUC a B takes")] = 0.7
    grade_a_ece: Annotated[float, Interval(ge=0, le=1), Doc("calibration error an A may have at most")] = 0.05

    def __post_init__(self) -> None:
        """Refuse a criterion that there is not, and a B that takes more than an A."""
        for name in ("refuse_first_on", "refuse_on"):
            unknown = sorted(set(getattr(self, name)) - set(CRITERIA))
            if unknown:
                raise InputError(f"[gate] {name} names {unknown}; the criteria are {', '.join(CRITERIA)}")
        if self.grade_b_auc > self.grade_a_auc:
            raise InputError(
                f"[gate] grade_b_auc = {self.grade_b_auc} is above grade_a_auc = {self.grade_a_auc}; "
                "a B must take no more than an A"
            )
