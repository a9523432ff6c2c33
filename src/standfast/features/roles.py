"""Guesses which role each column of a user's table plays, by names and values; each with its reason."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from standfast.features.aliases import (
    ACCOUNT_ALIASES,
    LABEL_ALIASES,
    LABEL_STEMS,
    REVENUE_ALIASES,
    STAYED_ALIASES,
    TURNOVER_SPELLINGS,
    Period,
    plain_name,
)
from standfast.features.kinds import ColumnKind, column_kinds
from standfast.features.label_guess import guess_label_values
from standfast.features.label_values import LabelValues
from standfast.schema import ACCOUNT_ID, ANNUAL_REVENUE, LABELS, OBSERVATION_DATE

_PERIOD_WORDS: Mapping[str, Period] = {
    "month": "month", "monthly": "month", "mrr": "month", "quarter": "quarter", "quarterly": "quarter",
    "week": "week", "weekly": "week", "year": "year", "yearly": "year", "annual": "year", "arr": "year",
    "acv": "year",
}  # fmt: skip
_RECURRING = frozenset({"mrr", "arr", "acv"})
_MONEY = frozenset(
    {"charge", "charges", "fee", "fees", "revenue", "price", "spend", "payment", "subscription", "value"}
)
_ID_ENDING = re.compile(r"(id|key|number|code|nr|no)$")


@dataclass(frozen=True)
class Guess:
    """One role, the column that seems to play it, and why."""

    role: str
    column: str
    reason: str

    def __str__(self) -> str:
        """Give one line such as "account_id = customerID: ..."."""
        return f"{self.role} = {self.column}: {self.reason}"


@dataclass(frozen=True)
class GuessedRoles:
    """What a flat table seems to hold.

    Parameters
    ----------
    guesses
        One per role that a column seems to play.
    label_values
        What a label's values seem to mean, for labels that do not simply say yes and no.
    ignore
        Columns that should be no features, with the reason.
    kinds
        Each column with its kind, to print.
    warnings
        What a person should look at before trusting the guesses.
    """

    file_name: str
    guesses: tuple[Guess, ...] = ()
    revenue_period: Period = "year"
    label_values: Mapping[str, LabelValues] = field(default_factory=dict)
    ignore: tuple[Guess, ...] = ()
    kinds: tuple[ColumnKind, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def columns(self) -> dict[str, str]:
        """Column by role."""
        return {guess.role: guess.column for guess in self.guesses}

    @property
    def account_id(self) -> str | None:
        """Column that tells accounts apart."""
        return self.columns.get(ACCOUNT_ID)

    @property
    def annual_revenue(self) -> str | None:
        """Column with what an account pays per ``revenue_period``."""
        return self.columns.get(ANNUAL_REVENUE)

    @property
    def churned(self) -> str | None:
        """Column that says which accounts left."""
        return self.columns.get("churned")

    @property
    def expanded(self) -> str | None:
        """Column that says which accounts grew."""
        return self.columns.get("expanded")

    @property
    def contracted(self) -> str | None:
        """Column that says which accounts shrank."""
        return self.columns.get("contracted")


def guess_roles(
    frame: pd.DataFrame, *, file_name: str, has_events: bool = False, with_revenue: bool = True
) -> GuessedRoles:
    """Guess the roles of the columns of a table with one row per account.

    Parameters
    ----------
    has_events
        Other tables tell when something happened: labels come from them, or from the date in ``churned_on``.
    with_revenue
        False where other tables tell what an account pays.
    """
    kinds = column_kinds(frame)
    labels, label_values, ignored = _guess_labels(frame)
    taken = {guess.column for guess in [*labels, *ignored]}
    account_id, id_warnings = guess_account_id(frame, kinds, taken=taken)
    taken |= {account_id.column} if account_id else set()
    revenue, period, money_warnings = guess_revenue(kinds, taken=taken)
    if not with_revenue:
        revenue, period, money_warnings = None, "year", _turnover(kinds)
    taken |= {revenue.column} if revenue else set()
    others = _guess_others(kinds, taken=taken, untold=OBSERVATION_DATE if has_events else "churned_on")
    if has_events:
        label_warnings = [_undated(guess) for guess in labels]
        labels, label_values, ignored = [], {}, ()
    else:
        label_warnings = [] if labels else [_no_label(frame)]
    return GuessedRoles(
        file_name=file_name,
        guesses=tuple(guess for guess in (account_id, revenue, *labels, *others) if guess is not None),
        revenue_period=period,
        label_values=label_values,
        ignore=ignored,
        kinds=kinds,
        warnings=(*id_warnings, *money_warnings, *label_warnings),
    )


def guess_account_id(
    frame: pd.DataFrame, kinds: tuple[ColumnKind, ...], *, taken: set[str]
) -> tuple[Guess | None, list[str]]:
    """Give the column that tells accounts apart, and what is odd about it."""
    candidates = [kind for kind in kinds if kind.name not in taken and kind.kind != "date"]
    known = _by_alias(candidates, ACCOUNT_ALIASES[ACCOUNT_ID])
    if unique := [kind for kind in known if _tells_apart(kind, frame)]:
        return Guess(ACCOUNT_ID, unique[0].name, "a known name; its values are unique and none is blank"), []
    if known and plain_name(known[0].name).endswith(("id", "key", "number", "no")):
        repeated = len(frame) - known[0].n_missing - known[0].n_distinct
        warning = f"{known[0].name}: {repeated:,} rows repeat an id and {known[0].n_missing:,} have none"
        return Guess(ACCOUNT_ID, known[0].name, "a known name"), [f"{warning}; one row per account is needed"]
    unnamed = [kind for kind in candidates if _tells_apart(kind, frame) and not _is_measure(kind)]
    named_like_ids = [kind for kind in unnamed if _ID_ENDING.search(plain_name(kind.name))]
    if best := [*named_like_ids, *unnamed]:
        return Guess(ACCOUNT_ID, best[0].name, "its values are unique and none is blank"), [
            f"no column has a known name for an account id; {best[0].name} was taken for its values"
        ]
    return None, ["no column tells accounts apart; name one: [columns] account_id"]


def guess_revenue(
    kinds: tuple[ColumnKind, ...], *, taken: set[str]
) -> tuple[Guess | None, Period, list[str]]:
    """Give the column with what an account pays, per what, and what is odd about it."""
    warnings = _turnover(kinds)
    amounts = [kind for kind in kinds if kind.kind == "number" and kind.name not in taken]
    known = [kind for kind in amounts if kind.name == ANNUAL_REVENUE]
    others = [kind for kind in amounts if kind.name not in TURNOVER_SPELLINGS]
    known += _by_alias(others, tuple(REVENUE_ALIASES)) or [kind for kind in others if _names_money(kind.name)]
    if not known:
        return None, "year", [*warnings, "no column holds what an account pays: without it there is no plan"]
    column = known[0].name
    period = period_in(column)
    if period is None:
        warnings.append(
            f"{column}: its name does not say per what; it was taken as per year ([units] revenue_period)"
        )
    return Guess(ANNUAL_REVENUE, column, f"a known name; per {period or 'year'}"), period or "year", warnings


def _turnover(kinds: tuple[ColumnKind, ...]) -> list[str]:
    return [
        f"{kind.name} was not taken for revenue: in a CRM it is the customer's own turnover, not what it "
        f'pays you; if it is what it pays, write annual_revenue = "{kind.name}" under [columns]'
        for kind in kinds
        if kind.name in TURNOVER_SPELLINGS
    ]


def _undated(label: Guess) -> str:
    return (
        f"{label.column} seems to say {label.role}, but not when: it is no label beside tables that do; to "
        "learn from it as it stands, give the accounts table alone"
    )


def period_in(column: str) -> Period | None:
    """Give the period that a column's name speaks of.

    >>> period_in("MonthlyCharges"), period_in("hs_arr"), period_in("contract_value")
    ('month', 'year', None)
    """
    found = [_PERIOD_WORDS[word] for word in _words(column) if word in _PERIOD_WORDS]
    return found[0] if found else REVENUE_ALIASES.get(plain_name(column))


def _words(column: str) -> list[str]:
    """Give the words of MonthlyCharges, monthly_charges or "Monthly charges"."""
    return [word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", column)]


def _names_money(column: str) -> bool:
    """Whether a name speaks of recurring money, such as "MRR (USD)" or "monthly subscription fee"."""
    words = set(_words(column))
    return bool(words & _RECURRING) or bool(words & set(_PERIOD_WORDS) and words & _MONEY)


def _guess_labels(frame: pd.DataFrame) -> tuple[list[Guess], dict[str, LabelValues], tuple[Guess, ...]]:
    """Give the label columns, what their values mean, and second columns that say the same."""
    guesses: list[Guess] = []
    meanings: dict[str, LabelValues] = {}
    ignored: list[Guess] = []
    for label in LABELS:
        aliases = LABEL_ALIASES[label] + (STAYED_ALIASES if label == "churned" else ())
        for column in _names_by_alias(frame, aliases) or _names_by_stem(frame, LABEL_STEMS[label]):
            opposite = plain_name(column) in STAYED_ALIASES
            read = guess_label_values(frame[column], label=label, is_opposite=opposite)
            if read is None:
                continue
            if label in {guess.role for guess in guesses}:
                ignored.append(Guess("ignore", column, f"it seems to say {label} once more"))
                continue
            guesses.append(Guess(label, column, read.reason))
            if read.label_values is not None:
                meanings[label] = read.label_values
    return guesses, meanings, tuple(ignored)


def _guess_others(kinds: tuple[ColumnKind, ...], *, taken: set[str], untold: str) -> list[Guess]:
    guesses = []
    taken = set(taken)
    for role, aliases in ACCOUNT_ALIASES.items():
        if role in {ACCOUNT_ID, untold}:
            continue
        free = [kind for kind in kinds if kind.name not in taken and _fits(kind, role)]
        if found := _by_alias(free, aliases):
            guesses.append(Guess(role, found[0].name, "a known name"))
            taken.add(found[0].name)
    return guesses


def _fits(kind: ColumnKind, role: str) -> bool:
    """Whether a column's values can play the role."""
    if role in {"started_on", "churned_on", "observation_date"}:
        return kind.kind == "date"
    if role == "employees":
        return kind.kind == "number"
    return kind.kind in {"category", "identifier"} or (
        role in {"owner", "parent_id"} and kind.kind == "number"
    )


def _by_alias(kinds: list[ColumnKind], aliases: tuple[str, ...]) -> list[ColumnKind]:
    """Give the columns with a known name, the most telling name first."""
    rank = {alias: place for place, alias in reversed(list(enumerate(aliases)))}
    known = [kind for kind in kinds if plain_name(kind.name) in rank]
    return sorted(known, key=lambda kind: rank[plain_name(kind.name)])


def _names_by_alias(frame: pd.DataFrame, aliases: tuple[str, ...]) -> list[str]:
    known = [str(name) for name in frame.columns if plain_name(str(name)) in aliases]
    return sorted(known, key=lambda name: aliases.index(plain_name(name)))


def _names_by_stem(frame: pd.DataFrame, stem: str) -> list[str]:
    return [str(name) for name in frame.columns if re.search(stem, plain_name(str(name)))]


def _tells_apart(kind: ColumnKind, frame: pd.DataFrame) -> bool:
    return kind.n_missing == 0 and kind.n_distinct == len(frame)


def _is_measure(kind: ColumnKind) -> bool:
    """Amounts can be all different too; ids are texts or whole numbers."""
    return kind.kind == "number" and kind.numbers is not None and bool((kind.numbers % 1 != 0).any())


def _no_label(frame: pd.DataFrame) -> str:
    return (
        "no column says which accounts left or grew; name one: [columns] churned or expanded "
        f"(columns: {', '.join(map(str, frame.columns[:12]))}{', ...' if frame.shape[1] > 12 else ''})"
    )
