"""Which changes of an account raise an alert, as data: thresholds a team may set, and the words (A2)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from annotated_types import Ge, Gt
from typing_extensions import Doc

Severity = Literal["risk", "watch", "expansion"]
Function = Literal["CS", "sales", "finance", "executive"]

SEVERITIES: tuple[Severity, ...] = ("risk", "watch", "expansion")
"""The most severe first."""


@dataclass(frozen=True, kw_only=True)
class AlertSetting:
    """What a team may change of one type of alert."""

    threshold: Annotated[float, Ge(0), Doc("the alert's condition begins here")]
    weeks_running: Annotated[int, Gt(0), Doc("weekly readings in a row that must be past it")] = 1
    severity: Annotated[Severity, Doc("risk, watch or expansion")] = "watch"
    owner_function: Annotated[Function, Doc("who acts: CS, sales, finance or executive")] = "CS"
    enabled: Annotated[bool, Doc("false leaves the type out")] = True


@dataclass(frozen=True, kw_only=True)
class AlertPolicy:
    """When alerts open, and how far the past is looked at."""

    weeks: Annotated[
        int, Gt(1), Doc("weekly readings looked at; those older than horizon and gap tell past precision")
    ] = 39
    cooldown_days: Annotated[
        int, Ge(0), Doc("days after an alert closed before the same may open again at the account")
    ] = 14
    usage_drop: AlertSetting = AlertSetting(threshold=0.2, weeks_running=2)
    usage_collapse: AlertSetting = AlertSetting(threshold=0.3, weeks_running=2, severity="risk")
    champion_quiet: AlertSetting = AlertSetting(threshold=14)
    champion_silent: AlertSetting = AlertSetting(threshold=30, severity="risk")
    seats_unused: AlertSetting = AlertSetting(threshold=0.5, severity="risk")
    tickets_many: AlertSetting = AlertSetting(threshold=3, severity="risk")
    escalations: AlertSetting = AlertSetting(threshold=2, severity="risk", owner_function="executive")
    invoice_overdue: AlertSetting = AlertSetting(
        threshold=1, weeks_running=3, severity="risk", owner_function="finance"
    )
    seats_full: AlertSetting = AlertSetting(
        threshold=0.8, weeks_running=3, severity="expansion", owner_function="sales"
    )
    limit_near: AlertSetting = AlertSetting(threshold=0.8, severity="expansion", owner_function="sales")
    limit_close: AlertSetting = AlertSetting(threshold=0.95, severity="expansion", owner_function="sales")
    limit_reached: AlertSetting = AlertSetting(threshold=1, severity="expansion", owner_function="sales")
    power_user: AlertSetting = AlertSetting(
        threshold=0.1, weeks_running=4, severity="expansion", owner_function="sales"
    )

    @property
    def enabled(self) -> Mapping[str, AlertSetting]:
        """The types that are looked for."""
        every = {name: getattr(self, name) for name in ALERT_TYPES}
        return {name: setting for name, setting in every.items() if setting.enabled}


@dataclass(frozen=True)
class AlertType:
    """What a type of alert looks at, and what it says.

    Parameters
    ----------
    measure
        A feature, or one of the measures that ``alerts`` works out from features.
    reason
        What is told; ``{value}`` is the measure on the day on which the alert opened, times ``scale``.
    action
        What to do about it.
    is_below
        Whether the condition is to be below the threshold, rather than at or above it.
    stricter
        Types that tell the same more strongly: while their condition holds, this one's does not.
    """

    measure: str
    reason: str
    action: str
    scale: float = 1.0
    is_below: bool = False
    stricter: tuple[str, ...] = ()


_USAGE = "usage of 30 days {value} % below the account's own of the 90 days before"
_LIMIT = "used {value} % of a limit on one day of the last 30"
_CHAMPION = "no sponsor heard of for {value} days"

ALERT_TYPES: Mapping[str, AlertType] = {
    "usage_drop": AlertType(
        "usage_fall", _USAGE, "Ask what has changed; look which team stopped.", 100,
        stricter=("usage_collapse",),
    ),
    "usage_collapse": AlertType(
        "usage_fall", _USAGE, "Call this week: who stopped and why; agree one fix with a date.", 100
    ),
    "champion_quiet": AlertType(
        "days_since_sponsor_heard", _CHAMPION, "Write to the sponsor with one result and one question.",
        stricter=("champion_silent",),
    ),
    "champion_silent": AlertType(
        "days_since_sponsor_heard", _CHAMPION, "Call the sponsor; find a second person who decides."
    ),
    "seats_unused": AlertType(
        "seat_utilisation", "{value} % of the seats paid for are used",
        "Agree who should use it and does not; train one team.", 100, is_below=True,
    ),
    "tickets_many": AlertType(
        "tickets_30d", "{value} tickets in 30 days", "Settle what is open; review the causes with support."
    ),
    "escalations": AlertType(
        "escalations_90d", "{value} escalations in 90 days", "An executive calls; one named person solves it."
    ),
    "invoice_overdue": AlertType(
        "invoices_overdue", "invoices overdue at each weekly look of the last two weeks, {value} now",
        "Ask whether the invoice or the value is disputed, before a reminder goes out.",
    ),
    "seats_full": AlertType(
        "seat_utilisation", "{value} % of the seats paid for are used, and not only this week",
        "Offer more seats with what the team has reached.", 100,
    ),
    "limit_near": AlertType(
        "usage_limit_share", _LIMIT, "Show when the limit is reached, and the next plan.", 100,
        stricter=("limit_close", "limit_reached"),
    ),
    "limit_close": AlertType(
        "usage_limit_share", _LIMIT, "Call with the next plan before the limit stops anybody.", 100,
        stricter=("limit_reached",),
    ),
    "limit_reached": AlertType(
        "usage_limit_share", _LIMIT, "Call now: is work blocked? Offer the next plan.", 100
    ),
    "power_user": AlertType(
        "activity_place", "more active per seat than all but {value} % of the accounts, four weeks running",
        "Ask what they do with it; offer a reference and the next product.", 100, is_below=True,
    ),
}  # fmt: skip
"""Every type there is; ``AlertPolicy`` has a setting for each."""
