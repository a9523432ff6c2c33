"""What the report is made from: finished figures only, so that the page computes no model and no plan."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any

import pandas as pd
from annotated_types import Ge
from typing_extensions import Doc

Interval = tuple[float, float, float]
"""A figure with the ends of its interval: value, low, high."""

Curves = Mapping[str, Mapping[str, Sequence[float]]]
"""Points of a curve by its name, then by axis: ``curves["roc"]["fpr"]``."""


@dataclass(frozen=True, kw_only=True)
class EvaluationView:
    """How good one model was on rows it had not seen, with the curves to draw.

    Parameters
    ----------
    metrics
        auc, average_precision, log_loss, base_log_loss, brier, ece, lift_at_10, skill; any may be missing.
    curves
        roc {fpr, tpr}, precision_recall {recall, precision}, calibration {predicted, observed, low, high, n},
        gain {share, captured}; any may be missing.
    by_date
        One mapping per test date: date, n, events, auc, log_loss.
    """

    target: str
    how: str
    period: str
    n_rows: int
    n_accounts: int
    n_events: int
    base_rate: float
    metrics: Mapping[str, Interval] = field(default_factory=dict)
    curves: Curves = field(default_factory=dict)
    by_date: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, kw_only=True, eq=False)
class ReportContent:
    """Everything the page says; the pipeline fills it in, the page only words and draws it.

    Parameters
    ----------
    matrix
        One row per cell in order of priority: segment, risk_tier, value_tier, priority, n_accounts,
        annual_revenue, revenue_at_risk, expected_upsell. Empty where there is no revenue.
    segments
        segment, n_accounts, annual_revenue, churn_probability, upsell_probability, lifetime_value,
        allowed_acquisition_cost, meaning; ltv_to_cac and is_deprioritised where costs to win are known.
    named
        Named segments, which overlap: segment, kind, n_accounts, annual_revenue, churn_probability,
        upsell_probability, revenue_at_risk, n_unknown, is_told (else unknown for all), meaning, message.
    about_segments
        Sentences on concentration and on what is unknown of the named segments.
    plan
        None where there is no plan, for instance because the book has no revenue.
    plan_summary
        hours_capacity, hours_used, by_owner, lambda_, gap, expected_value, conservative_value,
        revenue_reached, left, cut, notes, and where known save_rate and forecast.
    models
        target, rung, n_events, base_rate, grade, grade_sentence, warnings, top_features [(label, share)].
    model_notes
        What else is to be known of the training: models that were refused, corrections.
    gate
        The gate's answers: name, model, question, answer, sentence, figure.
    backtest
        What ``standfast backtest`` found; empty where the past was not replayed.
    monitor
        What ``standfast monitor`` found last of this model; empty where nobody has looked.
    findings
        severity, name, explanation, way_out.
    data
        tables, dates and labels: the figures of the data check.
    rows
        rows_in, scored, rejected.
    """

    book_name: str
    currency: str
    as_of: str | None
    horizon_days: int
    model_version: str
    scores: pd.DataFrame
    matrix: pd.DataFrame
    segments: pd.DataFrame
    plan: pd.DataFrame | None = None
    plan_summary: Mapping[str, Any] = field(default_factory=dict)
    evaluations: Sequence[EvaluationView] = ()
    models: Sequence[Mapping[str, Any]] = ()
    model_notes: Sequence[str] = ()
    gate: Sequence[Mapping[str, Any]] = ()
    backtest: Mapping[str, Any] = field(default_factory=dict)
    monitor: Mapping[str, Any] = field(default_factory=dict)
    findings: Sequence[Mapping[str, Any]] = ()
    data: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    rows: Mapping[str, int] = field(default_factory=dict)
    named: pd.DataFrame = field(default_factory=pd.DataFrame)
    about_segments: Sequence[str] = ()
    glossary: Sequence[tuple[str, str]] = ()
    least_ltv_to_cac: float = 2.0
    settings_summary: Sequence[tuple[str, Any]] = ()


@dataclass(frozen=True, kw_only=True)
class PageLimits:
    """How much of a long book the page shows; the CSV files hold the rest."""

    lines_per_owner: Annotated[int, Ge(1), Doc("Plan lines shown for each owner.")] = 15
    lines_overall: Annotated[int, Ge(1), Doc("Plan lines shown where there are too many owners to list.")] = (
        40
    )
    owners_listed: Annotated[int, Ge(1), Doc("Most owners that get a list of their own on the page.")] = 12
    owner_rows: Annotated[int, Ge(1), Doc("Most owners in the table of hours.")] = 40
    features_shown: Annotated[int, Ge(1), Doc("Features named per model.")] = 8
    reasons_shown: Annotated[int, Ge(0), Doc("Reasons shown per plan line, where scores carry reasons.")] = 2
    detail_rows: Annotated[int, Ge(1), Doc("Most rows in the tables of cuts and of findings.")] = 20
