"""What monitoring counts as a change, and how many false alarms it may give."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from annotated_types import Ge, Gt, Interval
from typing_extensions import Doc

FAMILIES: Mapping[str, float] = {"inputs": 0.35, "labels": 0.5, "scores": 0.1, "champion before": 0.05}
"""How checks that can ask for another model share the false alarms: most to those that find most."""


@dataclass(frozen=True, kw_only=True)
class MonitorPolicy:
    """When a month is unlike a normal one, and when a model is no longer what it was."""

    false_alarms: Annotated[
        float,
        Interval(gt=0, lt=1),
        Doc("false alarms (retrain, roll back) to expect in a month on a book that stays as it is"),
    ] = 0.05
    false_watches: Annotated[float, Interval(gt=0, lt=1), Doc("the same for what is only to be watched")] = (
        0.2
    )
    shift: Annotated[
        float,
        Interval(gt=0, lt=1),
        Doc(
            "share of accounts that must lie elsewhere, or be blank, before a change of an input, or of the "
            "scores, asks for a new model, however calm its normal months are"
        ),
    ] = 0.1
    input_share: Annotated[
        float,
        Interval(ge=0, lt=1),
        Doc("share of what moves a model's probabilities under which an input is only watched"),
    ] = 0.01
    level_off: Annotated[
        float, Gt(0), Doc("how far what came may surely be from what was promised: 0.25 is a quarter more")
    ] = 0.25
    auc_off: Annotated[
        float, Gt(0), Doc("how much AUC may surely be lost against the training's figures")
    ] = 0.05
    slope_off: Annotated[
        float,
        Interval(gt=0, lt=1),
        Doc("how much of the spread of the probabilities may surely be exaggeration (calibration slope)"),
    ] = 0.33
    months: Annotated[int, Ge(1), Doc("matured months judged together, beside the newest one alone")] = 2
    months_before: Annotated[
        int, Ge(1), Doc("months before the newest one whose mean inputs and scores are compared with")
    ] = 6
    least_months: Annotated[
        int, Ge(3), Doc("pairs of past months that tell what a normal month is; fewer tell nothing")
    ] = 6
    least_events: Annotated[
        int, Ge(5), Doc("accounts of the rarer outcome under which order, slope and segments are not judged")
    ] = 20
    past_champions: Annotated[
        int, Ge(0), Doc("champions of before that are asked what they would have said")
    ] = 3
    followed: Annotated[
        float, Interval(gt=0, lt=1), Doc("share of planned touches made under which a plan is to be watched")
    ] = 0.5
    confidence: Annotated[float, Interval(gt=0.5, lt=1), Doc("coverage of the intervals that are shown")] = (
        0.9
    )

    def alarms_of(self, family: str) -> float:
        """Give the false alarms a month that one family of checks may give."""
        return self.false_alarms * FAMILIES[family]

    def watches_of(self, family: str) -> float:
        """Give the same of what is only to be watched."""
        return self.false_watches * FAMILIES[family]
