"""What a look at a table found: each finding says what is the matter and what to do about it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Literal

from annotated_types import Ge, Gt, Interval
from typing_extensions import Doc

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing a user should know about a table.

    Parameters
    ----------
    name
        What settings call it, such as "leak:churn_reason".
    explanation
        A sentence that says what was found.
    way_out
        What to do about it; empty where nothing needs doing.
    sets_aside
        Whether the models do without ``column`` because of it.
    is_final
        Whether no setting can accept it: without a label, say, there is nothing to train on.
    """

    name: str
    severity: Severity
    explanation: str
    way_out: str = ""
    column: str | None = None
    table: str | None = None
    sets_aside: bool = False
    is_final: bool = False

    @property
    def is_leak(self) -> bool:
        """Whether the column knows what it should predict."""
        return self.name.startswith("leak:")


@dataclass(frozen=True, kw_only=True)
class CheckPolicy:
    """What to look for in a table, and what to do with columns that know the label."""

    leakage: Annotated[
        Literal["refuse", "set_aside"],
        Doc("columns that know the label: refuse to train, or train without them"),
    ] = "refuse"
    accept: Annotated[
        tuple[str, ...], Doc('names of findings that are known and fine, such as "leak:renewal_count"')
    ] = ()
    leak_auc: Annotated[
        float, Interval(gt=0.5, le=1), Doc("a column that ranks the label at least so well alone knows it")
    ] = 0.99
    suspect_auc: Annotated[
        float, Interval(gt=0.5, le=1), Doc("a column that ranks the label at least so well alone is suspect")
    ] = 0.97
    leak_purity: Annotated[
        float, Interval(gt=0.5, le=1), Doc("share of one class that makes a group of rows pure")
    ] = 0.995
    leak_capture: Annotated[
        float,
        Interval(gt=0, le=1),
        Doc("share of a class in pure groups from which a column knows the label"),
    ] = 0.5
    leak_rows: Annotated[int, Gt(0), Doc("rows a pure group needs, and accounts of each class")] = 20
    identifier_share: Annotated[
        float, Interval(gt=0, le=1), Doc("share of distinct values from which a text column is an identifier")
    ] = 0.9
    missing_share: Annotated[
        float, Interval(gt=0, le=1), Doc("share of blank cells from which a column is reported")
    ] = 0.3
    few_rows: Annotated[int, Ge(0), Doc("rows under which a table is reported as small")] = 50
    match_share: Annotated[
        float,
        Interval(ge=0, le=1),
        Doc("share of a table's rows with a known account under which that is a warning"),
    ] = 0.98
    before_start_share: Annotated[
        float,
        Interval(gt=0, le=1),
        Doc("share of rows before the account's first subscription from which that is a warning"),
    ] = 0.05
    stale_days: Annotated[
        int, Gt(0), Doc("days without a row, up to the book's newest, from which a table has stopped")
    ] = 28
    shift_index: Annotated[
        float, Gt(0), Doc("population stability index between quarters from which a column has changed")
    ] = 0.5


def is_accepted(finding: Finding, policy: CheckPolicy) -> bool:
    """Tell whether the settings name this error as known and fine."""
    return finding.severity == "error" and finding.name in policy.accept and not finding.is_final


def resolve(findings: Iterable[Finding], policy: CheckPolicy) -> tuple[tuple[str, ...], tuple[Finding, ...]]:
    """Give the columns to leave out of the models, and the findings that forbid going on.

    An error in ``policy.accept`` is neither, unless it is final; a leak that is not accepted is set aside or
    forbids, as ``policy.leakage`` says.
    """
    set_aside: dict[str, None] = {}
    blocking = []
    for finding in findings:
        if is_accepted(finding, policy):
            continue
        is_leak_to_drop = finding.is_leak and policy.leakage == "set_aside"
        if finding.column is not None and (finding.sets_aside or is_leak_to_drop):
            set_aside[finding.column] = None
        elif finding.severity == "error":
            blocking.append(finding)
    return tuple(set_aside), tuple(blocking)


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Give errors first, then warnings, then notes; within these as they came."""
    rank: dict[Severity, int] = {"error": 0, "warning": 1, "note": 2}
    return tuple(sorted(findings, key=lambda finding: rank[finding.severity]))


def percent(share: float) -> str:
    """Give a share as a percentage that is 0 or 100 only where it is exactly that.

    >>> percent(0.0412), percent(0.0002), percent(0.99999), percent(1.0)
    ('4.1%', 'under 0.1%', 'over 99.9%', '100.0%')
    """
    if 0 < share < 0.0005:
        return "under 0.1%"
    return "over 99.9%" if 0.9995 < share < 1 else f"{share:.1%}"


def some(names: Iterable[object], most: int = 5) -> str:
    """Give the first of many names.

    >>> some("abcdefg")
    'a, b, c, d, e and 2 more'
    """
    listed = [str(name) for name in names]
    more = f" and {len(listed) - most} more" if len(listed) > most else ""
    return ", ".join(listed[:most]) + more
