"""Whether a table can be learned from: what is missing, odd, too small, or knows the label."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import pandas as pd

from standfast.features.class_counts import (
    LADDER,
    DateFacts,
    check_dates,
    check_drift,
    check_labels,
    date_facts,
    label_facts,
)
from standfast.features.findings import CheckPolicy, Finding, in_order, resolve, some
from standfast.features.kinds import ColumnKind, column_kind
from standfast.features.later_known import late_date_findings, newest_findings, window_findings
from standfast.features.leakage import has_telling_name, leak_suspicions
from standfast.schema import ACCOUNT_ID, ANNUAL_REVENUE, LABELS, NOT_FEATURES, OBSERVATION_DATE

__all__ = ["CheckPolicy", "Finding", "check_flat_table", "check_snapshots", "resolve"]

_SET_ASIDE = '"set_aside"'


def check_flat_table(
    frame: pd.DataFrame,
    *,
    labels: Mapping[str, pd.Series] | None = None,
    roles: Mapping[str, str] | None = None,
    ignore: Iterable[str] = (),
    policy: CheckPolicy | None = None,
    ladder: tuple[int, int] = LADDER,
) -> tuple[Finding, ...]:
    """Give what is worth knowing about a table with one row per account.

    Parameters
    ----------
    labels
        Nullable booleans by label name; by default the label columns of ``frame``, which then must be such.
    roles
        Canonical name to column, where a column is not called by its canonical name.
    ignore
        Columns that are no features anyway and need no check.
    ladder
        Events from which a fitted model, and boosted trees, are allowed.
    """
    policy = policy or CheckPolicy()
    column_of = {name: name for name in (*NOT_FEATURES, ANNUAL_REVENUE)} | dict(roles or {})
    labels = labels_in(frame) if labels is None else labels
    apart = {column_of[name] for name in NOT_FEATURES} | {*ignore, *(str(y.name) for y in labels.values())}
    kinds = _kinds(frame, apart=apart, policy=policy)
    observed = column_of[OBSERVATION_DATE]
    telling = [kind for kind in kinds if has_telling_name(kind.name)]
    return _in_order(
        [
            *_check_rows(frame, policy=policy),
            *_check_ids(frame, column_of[ACCOUNT_ID]),
            *check_labels(label_facts(labels, ladder=ladder), ladder=ladder),
            *_check_revenue(frame, column_of[ANNUAL_REVENUE]),
            *_check_columns(kinds, n_rows=len(frame), policy=policy),
            *_check_leaks(kinds, labels, policy=policy),
            *(_telling_name(kind.name) for kind in telling),
            *(late_date_findings(kinds, frame[observed]) if observed in frame else ()),
        ]
    )


def check_snapshots(
    frame: pd.DataFrame,
    *,
    ignore: Iterable[str] = (),
    policy: CheckPolicy | None = None,
    horizon_days: int = 90,
    ladder: tuple[int, int] = LADDER,
) -> tuple[Finding, ...]:
    """Give what is worth knowing about a book's snapshots, over all their observation dates."""
    policy = policy or CheckPolicy()
    labels = labels_in(frame)
    dates = date_facts(frame, labels)
    kinds = _kinds(frame, apart={*NOT_FEATURES, *ignore}, policy=policy)
    return _in_order(
        [
            *_check_rows(frame, policy=policy),
            *check_labels(label_facts(labels, accounts=frame[ACCOUNT_ID], ladder=ladder), ladder=ladder),
            *check_dates(dates),
            *check_drift(dates, n_shared=max(1.0, horizon_days * len(dates) / _span_days(dates))),
            *window_findings(frame, labels, horizon_days=horizon_days),
            *(
                finding
                for name, y in labels.items()
                for finding in newest_findings(frame, kinds, y.rename(name))
            ),
            *_check_revenue(frame, ANNUAL_REVENUE),
            *_check_columns(kinds, n_rows=len(frame), policy=policy),
            *_check_leaks(kinds, labels, policy=policy),
        ]
    )


def labels_in(frame: pd.DataFrame) -> dict[str, pd.Series]:
    """Give the labels of a table by name, as nullable booleans."""
    return {name: frame[name].astype("boolean") for name in LABELS if name in frame.columns}


def _span_days(dates: Sequence[DateFacts]) -> int:
    """Give the days from the first observation date to the last, both included."""
    if not dates:
        return 1
    return (date.fromisoformat(dates[-1].date) - date.fromisoformat(dates[0].date)).days + 1


def _kinds(frame: pd.DataFrame, *, apart: set[str], policy: CheckPolicy) -> list[ColumnKind]:
    share = policy.identifier_share
    return [column_kind(frame[name], identifier_share=share) for name in frame.columns if name not in apart]


def _in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Sort errors first, keep one finding per name, and drop suspicions of columns already convicted."""
    kept: dict[str, Finding] = {}
    for finding in in_order(findings):
        kept.setdefault(finding.name, finding)
    convicted = {finding.column for finding in kept.values() if finding.is_leak}
    return tuple(
        finding
        for finding in kept.values()
        if finding.is_leak or finding.column not in convicted or finding.sets_aside
    )


def _check_rows(frame: pd.DataFrame, *, policy: CheckPolicy) -> Iterable[Finding]:
    if len(frame) < policy.few_rows:
        yield Finding(
            name="few_rows",
            severity="warning",
            explanation=f"there are only {len(frame):,} rows; what is learned from them is a rough order.",
            way_out="add more accounts or more months if you have them",
        )


def _check_ids(frame: pd.DataFrame, column: str) -> Iterable[Finding]:
    if column not in frame.columns:
        yield Finding(
            name="no_account_id",
            severity="error",
            explanation=f"there is no column {column!r} to tell accounts apart.",
            way_out='name it: [columns] account_id = "YOUR_COLUMN"',
            is_final=True,
        )
        return
    ids = frame[column].astype("string").str.strip()
    blank = ids.isna() | (ids == "")
    if blank.any():
        yield Finding(
            name="blank_ids",
            severity="warning",
            column=column,
            explanation=f"{int(blank.sum()):,} rows have no {column}; they are rejected.",
            way_out="fill in the ids",
        )
    twice = ids[~blank & ids.duplicated()].unique()
    if len(twice):
        yield Finding(
            name="duplicate_ids",
            severity="error",
            column=column,
            explanation=f"{len(twice):,} ids occur more than once: {some(twice)}.",
            way_out="keep one row per account, the newest",
            is_final=True,
        )


def _check_revenue(frame: pd.DataFrame, column: str) -> Iterable[Finding]:
    if column not in frame.columns:
        yield Finding(
            name="no_revenue",
            severity="warning",
            explanation="there is no column for revenue: training and scoring work, the plan does not.",
            way_out='name it: [columns] annual_revenue = "YOUR_COLUMN"',
        )
        return
    revenue = pd.to_numeric(frame[column], errors="coerce")
    for name, count, what in (
        ("negative_revenue", int((revenue < 0).sum()), "a negative"),
        ("missing_revenue", int(revenue.isna().sum()), "no"),
    ):
        if count:
            yield Finding(
                name=name,
                severity="warning",
                column=column,
                explanation=f"{count:,} of {len(frame):,} rows have {what} {column}; it counts as unknown.",
                way_out="correct it at the source; such accounts get no place on the money axis",
            )


def _check_columns(kinds: Iterable[ColumnKind], *, n_rows: int, policy: CheckPolicy) -> Iterable[Finding]:
    for kind in kinds:
        if kind.kind in {"constant", "identifier"}:
            yield _set_aside(kind.kind, kind, f"{kind.name} is no feature: {kind.note}.")
        elif not kind.is_readable:
            reason = f"{kind.name} holds dates {kind.note}, which are not read."
            yield _set_aside("date", kind, reason, way_out="write them as 2024-07-27")
        elif kind.n_missing >= policy.missing_share * n_rows:
            yield Finding(
                name=f"missing:{kind.name}",
                severity="note",
                column=kind.name,
                explanation=f"{kind.name} is blank in {kind.n_missing:,} of {n_rows:,} rows; "
                "what a blank means is learned too.",
            )


def _set_aside(what: str, kind: ColumnKind, explanation: str, *, way_out: str = "") -> Finding:
    return Finding(
        name=f"{what}:{kind.name}",
        severity="note",
        column=kind.name,
        explanation=explanation,
        way_out=way_out,
        sets_aside=True,
    )


def _check_leaks(
    kinds: list[ColumnKind], labels: Mapping[str, pd.Series], *, policy: CheckPolicy
) -> Iterable[Finding]:
    for name, label in labels.items():
        for suspicion in leak_suspicions(kinds, label.rename(name), policy=policy):
            finding = f"{'leak' if suspicion.certain else 'suspect'}:{suspicion.column}"
            yield Finding(
                name=finding,
                severity="error" if suspicion.certain else "warning",
                column=suspicion.column,
                explanation=f"{suspicion.column} seems to know {name}: {suspicion.why}.",
                way_out=f"add it to ignore under [columns], or set leakage = {_SET_ASIDE} under [check]; "
                f'if it was known before the outcome, accept = ["{finding}"] there',
            )


def _telling_name(column: str) -> Finding:
    return Finding(
        name=f"suspect:{column}",
        severity="warning",
        column=column,
        explanation=f"{column} sounds as if it was written when the account left, or is today's state.",
        way_out="if so, add it to ignore under [columns]; if it was known before, leave it",
    )
