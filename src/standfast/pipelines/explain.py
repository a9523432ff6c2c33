"""Tell the whole trail of one account: probabilities, reasons, value, cell, and why it gets these touches."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from standfast.adapters.ledger import Ledger
from standfast.decision.outlook import outlook_of
from standfast.decision.outreach import Plan, bundles_considered
from standfast.decision.recent_contact import fixed_contacts
from standfast.errors import InputError, did_you_mean
from standfast.pipelines.account_lines import fixed_lines, fixed_rows, play_lines, voice_lines
from standfast.pipelines.changes import Change, what_would_change
from standfast.pipelines.kept_alerts import KnownAlerts, alerts_in, alerts_of
from standfast.pipelines.learned_response import plan_by_learned
from standfast.pipelines.observe import ObservedBook, observe_current
from standfast.pipelines.places import place_lines, place_of
from standfast.pipelines.plan import plan_policy, team_capacity
from standfast.pipelines.revenue_changes import change_amounts, change_lines
from standfast.pipelines.score import refuse_other_book
from standfast.pipelines.scoring import Scorer, load_scorer, score_rows
from standfast.pipelines.segments import list_members, segment_book
from standfast.pipelines.to_plan import ToPlan, scored_to_plan
from standfast.pipelines.why import earlier_date, why_of
from standfast.report.wording import UNKNOWN, is_known, money, percent
from standfast.schema import ACCOUNT_ID
from standfast.settings import Settings


@dataclass(frozen=True, eq=False)
class Trail:
    """One account's way from features to touches, as lines for a person and values for a machine."""

    lines: Sequence[str]
    summary: Mapping[str, Any]


def explain(
    account: str,
    settings: Settings,
    *,
    hours: float | None = None,
    as_of: date | None = None,
    since: date | None = None,
) -> Trail:
    """Give the trail of one account of the book, and what moved its probability since an earlier date.

    Raises
    ------
    InputError
        The book holds no such account, or it could not be scored.
    """
    scorer = load_scorer(Path(settings.paths.models), settings=settings)
    refuse_other_book(scorer, settings)
    observed = observe_current(settings, as_of=as_of, earlier=earlier_date(settings, since=since))
    refuse_unknown_account(account, observed, settings)
    scored = score_rows(observed.current, scorer=scorer).scores
    given = scored_to_plan(scored, observed, scorer, settings=settings)
    planned, notes = given.plan_if_possible(settings=settings, hours=hours)
    members = list_members(segment_book(observed, given.scores, settings=settings))
    return trail_of(account, KnownBook(scorer, observed, given, planned, notes, members, hours), settings)


@dataclass(frozen=True, eq=False)
class KnownBook:
    """A book that is observed, scored, planned and segmented: what any account's trail is told from."""

    scorer: Scorer
    observed: ObservedBook
    given: ToPlan
    planned: Plan | None
    notes: Sequence[str]
    members: pd.DataFrame
    hours: float | None = None


def trail_of(account: str, book: KnownBook, settings: Settings, *, ledger: Ledger | None = None) -> Trail:
    """Give the trail of one account of a book that is known already; only its alerts are read anew.

    Parameters
    ----------
    ledger
        Where alerts are read from; that of the settings by default.

    Raises
    ------
    InputError
        The book holds no such account, or it could not be scored.
    """
    refuse_unknown_account(account, book.observed, settings)
    scorer, observed, given, planned = book.scorer, book.observed, book.given, book.planned
    hours, notes = book.hours, book.notes
    alerts = alerts_of(settings, account) if ledger is None else alerts_in(ledger, account)
    known = observed.current[ACCOUNT_ID].astype(str) == account
    own = score_rows(observed.current[known], scorer=scorer)
    if own.rejected:
        raise InputError(f"account {account!r} cannot be scored: {next(iter(own.rejected.values()))}")
    row = own.scores.iloc[0]
    considered = _considered(account, given, planned, settings=settings, hours=hours)
    why = why_of(account, observed, scorer, settings=settings)
    named = book.members[book.members[ACCOUNT_ID] == account].drop(columns=ACCOUNT_ID)
    line, fixed = None, pd.DataFrame()
    if planned is not None:
        fixed = fixed_rows(account, planned)
        line = planned.lines[planned.lines[ACCOUNT_ID] == account].iloc[0]
    told, by = plan_by_learned(own.scores, given.past.learned, settings=settings)
    changes = what_would_change(told, why.summary["reasons"], line, response=by.response)
    place = place_of(account, given.model_scores)
    lines = [
        *_lines(own.scores, place, settings=settings),
        *_override_lines(given, account),
        *change_lines(observed.current[known], scorer.changes, currency=settings.units.currency),
        *voice_lines(observed.current[known].iloc[0]),
        "",
        *why.lines(settings.units.currency),
        *_change_lines(changes),
        *_named_lines(named),
    ]
    lines += _alert_lines(alerts)
    if planned is not None and line is not None:
        cut_off = planned.cut_off_of(account)
        lines += _plan_lines(line, considered, fixed, cut_off=cut_off, settings=settings)
    summary = {
        "account_id": account,
        "scores": dict(row.items()),
        "overrides": [] if given.overridden is None else given.overridden.of(account),
        "place": place,
        "sizes": change_amounts(observed.current[known], scorer.changes),
        "outlook": _outlook(own.scores),
        "what_would_change_it": [asdict(change) for change in changes],
        **why.summary,
        "plan": None if line is None else line.to_dict(),
        "cut_off": planned.cut_off_of(account) if planned else None,
        "fixed_work": fixed,
        "bundles_considered": considered,
        "named_segments": named,
        "alerts": None if alerts is None else asdict(alerts),
        "notes": notes,
    }
    return Trail([*lines, *notes], summary)


def refuse_unknown_account(account: str, observed: ObservedBook, settings: Settings) -> None:
    """Refuse an account that the book does not hold now; near ones are named."""
    if not (observed.current[ACCOUNT_ID].astype(str) == account).any():
        raise InputError(_no_such_account(account, observed.current[ACCOUNT_ID], settings))


def _override_lines(given: ToPlan, account: str) -> list[str]:
    """Tell what persons say in place of the model, on which the plan goes (U3)."""
    said = None if given.overridden is None else given.overridden.words.get(account)
    if said is None:
        return []
    row = given.scores[given.scores[ACCOUNT_ID] == account].iloc[0]
    return ["", f"overridden: {said}", f"  so it is planned as {_placed(row)}"]


def _no_such_account(account: str, ids: pd.Series, settings: Settings) -> str:
    hint = did_you_mean(account, ids.astype(str)) or "standfast score lists those there are"
    return f"book {settings.book_name!r} has no active account {account!r}; {hint}"


def _considered(
    account: str, given: ToPlan, planned: Plan | None, *, settings: Settings, hours: float | None
) -> pd.DataFrame | None:
    scores, settings = plan_by_learned(given.scores, given.past.learned, settings=settings)
    row = scores[scores[ACCOUNT_ID] == account]
    if planned is None or row["cell"].isna().all():
        return None
    return bundles_considered(
        row,
        account_id=account,
        cut_off=planned.cut_off_of(account),
        policy=plan_policy(settings, team_capacity(settings, hours=hours)),
        as_of=given.as_of,
        last_plan=given.past.last_plan,
        made=given.past.made,
        n_fixed=fixed_contacts(planned.fixed, row[ACCOUNT_ID], response=settings.response),
    )


def _lines(scores: pd.DataFrame, place: Mapping[str, int] | None, *, settings: Settings) -> list[str]:
    """Tell the probabilities, the money and the place in the matrix."""
    row = scores.iloc[0]
    currency = settings.units.currency
    name = f" ({row['name']})" if is_known(row.get("name")) else ""
    range_ = f"{percent(row['churn_low'])} to {percent(row['churn_high'])}"
    paid, at_risk = money(row["annual_revenue"], currency), money(row["revenue_at_risk"], currency)
    upsell, reward = money(row["upsell_value"], currency), money(row["reward"], currency)
    return [
        f"account {row[ACCOUNT_ID]}{name}",
        "",
        f"under past practice, within {settings.horizon.horizon_days} days:",
        f"  likely to churn: {percent(row['churn_probability'])} ({range_})",
        *place_lines(place),
        f"  likely to contract: {percent(row['contraction_probability'])}",
        f"  likely to expand, if it stays: {percent(row['upsell_probability'])}",
        f"outlook: {_chances(_outlook(scores))} (reduce: leave or contract; increase: stay and expand)",
        f"pays {paid} a year, {at_risk} of it at risk; an expansion would bring {upsell} a year",
        f"reward {reward}; {_placed(row)}",
        *(cell.words for cell in settings.built_matrix.cells if cell.segment == row["segment"]),
    ]


def _outlook(scores: pd.DataFrame) -> dict[str, float]:
    """Give the chances that the account reduces, maintains, increases (R5); empty without their models."""
    ahead = outlook_of(scores)
    return {name: float(getattr(ahead, name)[0]) for name in ("reduce", "maintain", "increase")}


def _chances(ahead: Mapping[str, Any]) -> str:
    """Word the chances that are known."""
    known = [f"{name} {percent(chance)}" for name, chance in ahead.items() if is_known(chance)]
    return ", ".join(known) or "unknown without models of contraction and expansion"


def _change_lines(changes: Sequence[Change]) -> list[str]:
    """Tell what would move the outlook, and to where."""
    if not changes:
        return []
    told = [
        f"  {chance.pop('words')}: {_chances(chance)}" for chance in (asdict(change) for change in changes)
    ]
    return ["", "what would change the outlook (a reason is a sign, not a cause):", *told]


def _placed(row: pd.Series) -> str:
    if not is_known(row["segment"]):
        return "not placed in the matrix, because its revenue is unknown"
    return f"{row['cell']}: {row['segment']}, priority {row['priority']}"


def _named_lines(named: pd.DataFrame) -> list[str]:
    """Tell which named segments the account is in, by which rule, and what they ask for."""
    if named.empty:
        return []
    told = [f"  {one['segment']}: {one['why']}. {one['message']}" for one in named.to_dict("records")]
    return ["", "named segments, which overlap:", *told]


def _alert_lines(alerts: KnownAlerts | None) -> list[str]:
    """Tell which alerts are open; nothing where nobody has looked for any."""
    if alerts is None:
        return []
    told = [
        f"  {one['severity']}, since {_day(one['opened_on'])}: {one['reason']}. {one['action']}"
        for one in alerts.open
    ]
    return ["", f"open alerts, as looked for on {alerts.looked_on}:", *(told or ["  none"])]


def _plan_lines(
    line: pd.Series,
    considered: pd.DataFrame | None,
    fixed: pd.DataFrame,
    *,
    cut_off: float,
    settings: Settings,
) -> list[str]:
    """Tell what is planned, and what else was weighed."""
    lines = ["", *fixed_lines(fixed), f"plan: {line['why']}"]
    if is_known(line["play"]):
        lines.append(f"play: {line['play']}; first touch by {_day(line['first_touch_by'])}")
        lines += play_lines(line["play"], settings=settings)
    lines.append(f"cut-off: one more hour is worth {money(cut_off, settings.units.currency)}")
    if considered is not None:
        lines += ["", "what was considered (value is net of cost; per hour is against the step before):"]
        lines += [_bundle(bundle, settings.units.currency) for bundle in considered.to_dict("records")]
    return lines


def _day(value: Any) -> str:
    return str(value)[:10] if is_known(value) else UNKNOWN


def _bundle(bundle: Mapping[Any, Any], currency: str) -> str:
    worth = f"{money(bundle['value'], currency):>12}"
    if is_known(bundle["not_allowed"]):
        return (
            f"    {bundle['hours']:5.1f} h {worth}  {bundle['touches']}: not allowed: {bundle['not_allowed']}"
        )
    step = bundle["marginal_per_hour"]
    per_hour = (
        f"{money(step, currency)} an hour"
        if is_known(step)
        else "costs more than it brings"
        if bundle["value"] < 0
        else "another earns more in that time"
    )
    if bundle["keep_bonus"] > 0:
        per_hour += f" (kept from the last plan: counts for {money(bundle['keep_bonus'], currency)} more)"
    mark = "*" if bundle["passes"] else " "
    return f"  {mark} {bundle['hours']:5.1f} h {worth}  {bundle['touches'] or 'nothing'}: {per_hour}"
