"""What a test is to show and how surely, who may be in it and when it ends, as policy a team may set."""

from dataclasses import dataclass
from typing import Annotated

from annotated_types import Ge, Gt, Interval
from typing_extensions import Doc


@dataclass(frozen=True, kw_only=True)
class ExperimentPolicy:
    """How tests of plays are drawn and read out; the plan's own holdout is read out alike."""

    confidence: Annotated[
        float, Interval(gt=0.5, lt=1), Doc("confidence of all intervals of experiments")
    ] = 0.95
    power: Annotated[
        float, Interval(gt=0.5, lt=1), Doc("chance that a test finds an effect worth knowing")
    ] = 0.8  # fmt: skip
    relative_reduction: Annotated[
        float, Interval(gt=0, lt=1), Doc("an effect worth knowing, as a part of the churn or growth there is")
    ] = 0.25  # fmt: skip
    most_months: Annotated[
        float, Gt(0), Doc("a test that takes longer to show such an effect is refused; --anyway overrules")
    ] = 36.0  # fmt: skip
    days: Annotated[
        int, Gt(0), Doc("a test ends so many days after its start, unless --until says otherwise")
    ] = 365
    value_tiers: Annotated[
        tuple[str, ...], Doc("value tiers whose accounts may be in a test; high gets proven plays only")
    ] = ("medium",)
    least_tenure_days: Annotated[
        int, Ge(0), Doc("days since an account's start before it may be in a test")
    ] = 14  # fmt: skip
    control_share: Annotated[
        float, Interval(gt=0, lt=1), Doc("share of a test's accounts that get the play known so far")
    ] = 0.5  # fmt: skip
    complaint_share: Annotated[
        float, Interval(gt=0, lt=1), Doc("more complaints than this, as a share of accounts, would be harm")
    ] = 0.05  # fmt: skip
    seed: Annotated[int, Ge(0), Doc("seed of the draw")] = 1

    @property
    def alpha(self) -> float:
        """Chance that an interval misses the truth."""
        return 1 - self.confidence
