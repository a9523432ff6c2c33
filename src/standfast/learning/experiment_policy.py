"""What a test is to show and how surely, who may be in it and when it ends, as policy a team may set."""

from dataclasses import dataclass
from typing import Annotated, Literal

from annotated_types import Ge, Gt, Interval
from typing_extensions import Doc


@dataclass(frozen=True, kw_only=True)
class ExperimentPolicy:
    """How tests of plays are drawn and read out; the plan's own holdout is read out alike."""

    confidence: Annotated[
        float, Interval(gt=0.5, lt=1), Doc("Confidence of all intervals of experiments.")
    ] = 0.95  # fmt: skip
    power: Annotated[
        float, Interval(gt=0.5, lt=1), Doc("Chance that a test finds an effect worth knowing.")
    ] = 0.8  # fmt: skip
    relative_reduction: Annotated[
        float, Interval(gt=0, lt=1), Doc("An effect worth knowing, as a part of the churn or growth.")
    ] = 0.25  # fmt: skip
    most_months: Annotated[
        float, Gt(0), Doc("A test that takes longer to show such an effect is refused, unless --anyway.")
    ] = 36.0  # fmt: skip
    days: Annotated[
        int, Gt(0), Doc("A test ends so many days after its start, unless --until says else.")
    ] = 365
    value_tiers: Annotated[
        tuple[Literal["medium", "low"], ...],
        Doc("Value tiers whose accounts may be in a test; the high one gets proven plays only."),
    ] = ("medium",)
    least_tenure_days: Annotated[
        int, Ge(0), Doc("Days since an account's start before it may be in a test.")
    ] = 14  # fmt: skip
    least_accounts: Annotated[
        int, Ge(2), Doc("Accounts that each arm needs before a test is read as enough.")
    ] = 20  # fmt: skip
    control_share: Annotated[
        float, Interval(gt=0, lt=1), Doc("Share of a test's accounts that get the play that is known so far.")
    ] = 0.5  # fmt: skip
    complaints: Annotated[
        tuple[str, ...], Doc("Outcomes of a touch that say it did harm; a test stops on surely more of them.")
    ] = ("complaint", "complained", "unsubscribed", "opted out")
    seed: Annotated[int, Interval(ge=0, le=2**31 - 1), Doc("Another seed, other accounts in each arm.")] = 0

    @property
    def alpha(self) -> float:
        """Chance that an interval misses the truth."""
        return 1 - self.confidence
