"""Plays as data: for each segment and action, what is done, to what end, in which steps, by whom."""

from dataclasses import dataclass, replace
from typing import Annotated, Literal

from annotated_types import Ge
from typing_extensions import Doc

from standfast.decision.alert_policy import Function
from standfast.decision.matrix import CELLS, MATRIX, Matrix

ACTIONS = ("save", "expand", "protect", "leave")
"""Save: mostly churn avoided at medium or high risk. Protect: the same at low risk. Expand: mostly growth."""


PlayKind = Literal["matrix", "onboarding", "renewal", "alert", "yearly_call", "reward"]
PlayChannel = Literal["in_person", "review", "call", "email", "digital"]


@dataclass(frozen=True)
class Play:
    """What to do with an account, and for which accounts it is meant.

    ``segment`` empty is every segment, ``action`` empty every action in which a person has a part.
    ``minutes`` of a play of the matrix are for preparation, within the minutes of its first touch, so that a
    play never takes hours that the plan did not count; those of the other kinds are the whole work at one
    account, all steps together, and 0 leaves them to the calendar's own settings.
    """

    segment: str
    action: str
    name: str
    goal: Annotated[str, Doc("to what end")]
    steps: Annotated[tuple[str, ...], Doc("what is done, in order")]
    owner_function: Annotated[Function, Doc("CS, sales, finance or executive")] = "CS"
    channel: Annotated[PlayChannel, Doc("the leading channel: in_person, review, call, email or digital")] = (
        "call"
    )
    minutes: Annotated[
        int, Ge(0), Doc("matrix: preparation within the first touch; other kinds: the work at one account")
    ] = 0
    where: Annotated[str, Doc("for which accounts: an expression over scores and features")] = ""
    proven: Annotated[bool, Doc("false keeps it away from accounts of the high value tier")] = True
    kind: Annotated[PlayKind, Doc("matrix, onboarding, renewal, alert, yearly_call or reward")] = "matrix"
    value_tier: Annotated[str, Doc("for one value tier only: high, medium or low")] = ""

    def is_for(self, segment: str, action: str) -> bool:
        """Say whether it is meant for a segment and an action."""
        acts = self.action == action or (not self.action and action != "leave")
        return self.segment in {"", segment} and acts


_AGENDA = "Prepare: the account's reasons, changes since the last contact, open tickets"
_CLOSE = "Record outcome and next step"

_MATRIX_PLAYS: tuple[Play, ...] = (
    Play(
        "Save", "save", "Executive rescue", "Find the cause of leaving and agree a recovery plan",
        (_AGENDA, "Call the sponsor within two days", "Executive joins a review in person",
         "Written plan with owners and dates", "Weekly call until it is done", _CLOSE), "executive",
    ),
    Play(
        "Save", "expand", "Fix first, then grow", "Clear what blocks use, then show the larger fit",
        (_AGENDA, "Settle open problems with the sponsor", "Show what the next step would solve", _CLOSE),
        "executive",
    ),
    Play(
        "Save", "protect", "Executive check-in", "Confirm that the account's goals are met",
        (_AGENDA, "Sponsor call on goals and value so far", "Settle what is open", _CLOSE), "executive",
    ),
    Play("Save", "leave", "Hold, review monthly", "Spend no hours; look again when something changes",
         ("Keep alerts on", "Name it in the monthly executive review"), "executive"),
    Play(
        "Rescue", "save", "CSM recovery plan", "Find the cause of leaving and remove it",
        (_AGENDA, "Call within five days: what is missing?", "Agree two or three fixes with dates",
         "Check-in call per fix", _CLOSE), "CS",
    ),
    Play(
        "Rescue", "expand", "Fit review", "Move the account to the offer that solves its problem",
        (_AGENDA, "Call on needs against the current plan", "Offer the fitting step with its value", _CLOSE),
        "sales",
    ),
    Play("Rescue", "protect", "Steady the account", "Keep contact until the signs turn",
         (_AGENDA, "Check-in call", "Help with the least used feature that matters", _CLOSE), "CS"),
    Play("Rescue", "leave", "Hold, alerts on", "Spend no hours; act when an alert fires",
         ("Keep alerts on",), "CS"),
    Play(
        "Steer", "save", "Close guidance", "Turn drift around before it becomes risk",
        (_AGENDA, "Review goals with the sponsor", "Agree a success plan for the quarter",
         "Check-in call half way", _CLOSE), "CS",
    ),
    Play(
        "Steer", "expand", "Value review with next step", "Show the value reached and open the next step",
        (_AGENDA, "Review of value against goals", "Propose the next step with a business case", _CLOSE),
        "sales",
    ),
    Play("Steer", "protect", "Sponsor care", "Keep sponsor and second contact close",
         (_AGENDA, "Call sponsor and second contact", "Confirm goals for the quarter", _CLOSE), "CS"),
    Play("Steer", "leave", "Hold, review quarterly", "Spend no hours; look again at the next plan",
         ("Keep alerts on", "Check the sponsor's activity at the next plan"), "CS"),
    Play(
        "Protect & grow", "save", "Early warning talk", "Hear about dissatisfaction while it is small",
        (_AGENDA, "Call the sponsor", "Settle what comes up within a week", _CLOSE), "CS",
    ),
    Play(
        "Protect & grow", "expand", "Growth plan", "Agree the next expansion with the sponsor",
        (_AGENDA, "Review of value and headroom (seats, limits, teams)", "Business case for the next step",
         "Proposal with dates", _CLOSE), "sales",
    ),
    Play(
        "Protect & grow", "protect", "Best-account care", "Keep value visible and the relation warm",
        (_AGENDA, "Business review", "Invite to a client event or early access", _CLOSE), "sales",
    ),
    Play("Protect & grow", "leave", "No routine touch", "Leave a content account in peace",
         ("Keep alerts on", "Thank at the renewal"), "sales"),
    Play(
        "Watch", "save", "Check-in and fix", "Find and remove one obstacle",
        (_AGENDA, "Check-in call", "Send help that fits the obstacle", _CLOSE), "CS",
    ),
    Play("Watch", "expand", "Next-step call", "Find out whether the next step fits now",
         (_AGENDA, "Call on needs and headroom", "Offer with its value by e-mail", _CLOSE), "sales"),
    Play("Watch", "protect", "Regular check-in", "Keep the relation and the goals current",
         (_AGENDA, "Check-in call", _CLOSE), "CS"),
    Play("Watch", "leave", "Automated care, alerts on", "Spend no hours; act when an alert fires",
         ("Automated messages", "Keep alerts on"), "CS"),
    Play("Nurture", "save", "Friendly check-in", "Make sure that nothing is in the way",
         (_AGENDA, "Check-in call", _CLOSE), "CS"),
    Play(
        "Nurture", "expand", "Growth offer", "Win the next step where there is headroom",
        (_AGENDA, "Call on plans and headroom", "Offer with a trial where possible", _CLOSE), "sales",
    ),
    Play("Nurture", "protect", "Keep value visible", "Show what the account gets out of it",
         (_AGENDA, "Send a summary of use and value", "Short call on it", _CLOSE), "CS"),
    Play("Nurture", "leave", "Automated care", "Spend no hours on a content account",
         ("Automated messages",), "CS"),
    Play(
        "Rescue by program", "save", "Pooled rescue call", "Keep the account with one good call",
        (_AGENDA, "Call from the pool: what is missing?", "Send the matching help or offer", _CLOSE), "CS",
    ),
    Play("Rescue by program", "expand", "Fitting-plan call", "Move the account to the plan that fits",
         (_AGENDA, "Call from the pool on needs", "Offer the fitting plan", _CLOSE), "sales"),
    Play("Rescue by program", "protect", "Pooled check-in", "Make sure that a person was in touch",
         (_AGENDA, "Call from the pool", _CLOSE), "CS"),
    Play("Rescue by program", "leave", "Rescue messages", "Offer help without using hours",
         ("Automated help and win-back messages", "Keep alerts on"), "CS"),
    Play("Monitor", "save", "Pooled help call", "Remove the obstacle that the signs point to",
         (_AGENDA, "Call from the pool", "Send the matching help", _CLOSE), "CS"),
    Play("Monitor", "expand", "Pooled offer call", "Offer the next step where it fits",
         (_AGENDA, "Call from the pool on needs", "Offer by e-mail", _CLOSE), "sales"),
    Play("Monitor", "protect", "Yearly pooled call", "Make sure that a person was in touch",
         (_AGENDA, "Call from the pool", _CLOSE), "CS"),
    Play("Monitor", "leave", "Automated monitoring", "Spend no hours; act when an alert fires",
         ("Automated messages", "Keep alerts on"), "CS"),
    Play("Maintain", "save", "Pooled check-in call", "Make sure that nothing is in the way",
         (_AGENDA, "Call from the pool", _CLOSE), "CS"),
    Play("Maintain", "expand", "Self-service upgrade", "Show the next step where it fits",
         (_AGENDA, "Call from the pool on needs", "Link to upgrade by oneself", _CLOSE), "sales"),
    Play("Maintain", "protect", "Yearly hello", "Make sure that a person was in touch",
         (_AGENDA, "Call from the pool", _CLOSE), "CS"),
    Play("Maintain", "leave", "Self-service", "Spend no hours on a content account",
         ("Automated messages", "Self-service help"), "finance"),
)  # fmt: skip


def _leading_channel(play: Play) -> PlayChannel:
    """Return the channel of the first step that touches the account."""
    if play.action == "leave":
        return "digital"
    return "review" if any(word in play.steps[1] for word in ("Review of", "Business review")) else "call"


PLAYS: tuple[Play, ...] = tuple(replace(p, channel=_leading_channel(p)) for p in _MATRIX_PLAYS)
"""Every segment times every action; the team edits these texts."""

PLAYS_OF_KIND: tuple[Play, ...] = (
    Play(
        "", "", "Onboarding guidance", "First value within 90 days, and a habit of using it",
        ("Kick-off: goals, people, dates", "Set up and first use together", "Training of the team",
         "Review of first results", "Hand over to the regular rhythm", _CLOSE),
        kind="onboarding", value_tier="high",
    ),
    Play(
        "", "", "Onboarding check-ins", "First value within 90 days",
        ("Kick-off call", "First use together", "Check-in half way", "Look back at day 80", _CLOSE),
        kind="onboarding", value_tier="medium",
    ),
    Play(
        "", "", "Onboarding welcome", "Nobody starts alone",
        ("One call in the first week", "Automated course and help", _CLOSE), kind="onboarding",
    ),
    Play(
        "", "", "Renewal preparation", "Renew in time, at the value it has",
        ("T-120: goals reached, gaps, who decides", "T-90: business review of value and plan",
         "T-60: proposal, terms, open points settled", "T-30: signature, or a rescue plan", _CLOSE),
        "sales", kind="renewal", value_tier="high",
    ),
    Play(
        "", "", "Renewal call", "Renew in time",
        ("T-120: check what is open", "T-90: call on value and next term", "T-60: offer", "T-30: reminder",
         _CLOSE), "sales", kind="renewal", value_tier="medium",
    ),
    Play("", "", "Renewal notice", "Renew without hours", ("Automated notices at T-60 and T-30",), "finance",
         "digital", kind="renewal"),
    Play("", "", "Alert call", "Find out what changed, and settle it",
         (_AGENDA, "Call within days of the alert", "Agree one fix with a date", _CLOSE), kind="alert"),
    Play("", "", "Yearly call", "Make sure that a person was in touch",
         (_AGENDA, "Call from the pool", _CLOSE), kind="yearly_call"),
    Play("", "", "Client event invitation", "Show the best accounts that they are",
         ("Invite to the next client event, with a name of their choice", _CLOSE), "sales", "email", 15,
         where="in_top(reward, 0.02)", kind="reward"),
    Play("", "", "Early access", "Let loyal accounts with room to grow see what is next",
         ("Offer early access with one person to ask", "Ask for their view after a month", _CLOSE), "CS",
         "email", 15, where="upsell_probability >= 0.15", kind="reward"),
    Play("", "", "Thank-you card", "Say thank you without asking for anything",
         ("A card by hand from the owner", _CLOSE), "CS", "email", 10, kind="reward"),
)  # fmt: skip
"""Fixed work and rewards. Of a kind the first that fits an account is its play; the last fits all.

How long onboarding and renewals take stands under ``[calendar]``, unless a play tells its own minutes."""

PLAY_OF = {(play.segment, play.action): play for play in PLAYS}
FIRST_NAME = {cell.name: cell.segment for cell in CELLS}
"""What each cell's segment is called by default, whatever a team calls it."""


def play_names(matrix: Matrix) -> tuple[str, ...]:
    """Return the general plays' names by place: the cell's place x number of actions + the action's."""
    return tuple(PLAY_OF[FIRST_NAME[name], action].name for name in matrix.cell_names for action in ACTIONS)


PLAY_NAMES = play_names(MATRIX)
