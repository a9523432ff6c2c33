"""How far and how fast evidence may move what a plan believes of outreach (the settings' ``[learning]``)."""

from dataclasses import dataclass
from typing import Annotated

from annotated_types import Ge, Interval
from typing_extensions import Doc

from standfast.errors import InputError

MONEY = ("annual_revenue", "upsell_value", "reward", "revenue_at_risk", "expected_upsell", "value_tier")
"""Never a modifier: revenue is in the reward, and an effect that follows it would count it twice."""


@dataclass(frozen=True, kw_only=True)
class LearningPolicy:
    """How the response to outreach is learned from what chance assigned, and whether plans use it."""

    use_learned: Annotated[
        bool, Doc("Plan by the response learned from the holdout, once a stage of it has earned its place.")
    ] = True
    modifiers: Annotated[
        tuple[str, ...],
        Doc("Columns that may change the response, named before any outcome is seen; never revenue."),
    ] = ("churn_probability",)
    effect_sd: Annotated[
        float,
        Interval(ge=0, le=3),
        Doc("How far effects may lie from the default before any evidence, log-odds; 0: not."),
    ] = 0.3
    modifier_sd: Annotated[
        float,
        Interval(ge=0, le=3),
        Doc("How much an effect may change with one standard deviation of a modifier."),
    ] = 0.15
    channel_sd: Annotated[
        float, Interval(ge=0, le=3), Doc("Share by which a channel's weight may be off before any evidence.")
    ] = 0.3
    level_sd: Annotated[
        float,
        Interval(ge=0, le=3),
        Doc("Log-odds by which probabilities may be off for all randomised accounts at once."),
    ] = 0.2
    calibration_sd: Annotated[
        float,
        Interval(ge=0, le=3),
        Doc("How far off they may be with the dose that an account is to get, and in how sure they are."),
    ] = 0.5
    together: Annotated[
        float, Interval(ge=0, lt=1), Doc("How much the effects on churn and expansion are thought to agree.")
    ] = 0.5
    least_rows: Annotated[
        int, Ge(1), Doc("Randomised accounts x cycles, matured, below which the default response stands.")
    ] = 200
    least_events: Annotated[
        int, Ge(1), Doc("Churns and expansions among them below which the default response stands.")
    ] = 20
    confidence: Annotated[
        float,
        Interval(gt=0, lt=1),
        Doc(
            "How surely the pooled effect must beat the default on later cycles: 1 / (1 - this) times as "
            "likely."
        ),
    ] = 0.5
    detail_confidence: Annotated[
        float,
        Interval(gt=0, lt=1),
        Doc("The same for later stages, which tell accounts or channels apart and so can go further wrong."),
    ] = 0.95
    carried: Annotated[
        float,
        Interval(ge=0, lt=1),
        Doc("Confidence of the interval of a learned effect whose end nearest the default plans use."),
    ] = 0.5
    sure: Annotated[
        float,
        Interval(gt=0.5, lt=1),
        Doc("Probability that outreach helps (or harms) sleeping accounts, to drop (or widen) that rule."),
    ] = 0.9
    most_weight: Annotated[
        float, Ge(1), Doc("Accounts that one may stand for where another plan is judged; more is cut to it.")
    ] = 20.0
    individual_rows: Annotated[
        int, Ge(10_000), Doc("Randomised rows below which no effect is learned account by account.")
    ] = 10_000

    def __post_init__(self) -> None:
        """Refuse modifiers that are money."""
        if money := sorted(set(MONEY) & set(self.modifiers)):
            raise InputError(
                f"[learning] modifiers names {money}; the response may not follow revenue, which is in the "
                "reward already: name what an account does or is instead"
            )
