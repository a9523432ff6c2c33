"""A small book with hand-set figures, and ways to bend it."""

from dataclasses import replace

import pandas as pd
import pytest

from standfast.decision.matrix import CELLS
from standfast.report.content import EvaluationView, ReportContent
from standfast.schema import PLAN_COLUMNS


@pytest.fixture
def scores():
    return pd.DataFrame(
        {
            "account_id": ["A1", "A2", "A3", "A4"],
            "name": ["Müller & Söhne", "株式会社サンプル", "<script>alert(1)</script>", "=cmd()"],
            "churn_probability": [0.4, 0.1, 0.05, 0.01],
            "upsell_probability": [0.1, 0.2, 0.3, 0.05],
            "annual_revenue": [100_000.0, 40_000.0, 9_000.0, 1_000.0],
            "revenue_at_risk": [40_000.0, 4_000.0, 450.0, 10.0],
            "risk_tier": ["high", "medium", "low", "low"],
            "reasons": [
                '[{"feature": "open_tickets", "value": 4, "effect": 0.7}]',
                None,
                "not json",
                "[1, 2]",
            ],
        }
    )


@pytest.fixture
def matrix():
    return pd.DataFrame(
        [
            {
                "segment": cell.segment,
                "risk_tier": cell.risk_tier,
                "value_tier": cell.value_tier,
                "priority": cell.priority,
                "n_accounts": 1 if cell.priority in {1, 5, 9} else 0,
                "annual_revenue": 100_000.0 / cell.priority if cell.priority in {1, 5, 9} else float("nan"),
                "revenue_at_risk": 40_000.0 / cell.priority if cell.priority in {1, 5, 9} else float("nan"),
                "expected_upsell": 100.0,
            }
            for cell in CELLS
        ]
    )


@pytest.fixture
def plan():
    lines = pd.DataFrame(
        {
            "account_id": ["A1", "A2", "A3", "A4"],
            "owner": ["Zoë", "Ann", None, "Ann"],
            "segment": ["Save", "Watch", "Maintain", "Maintain"],
            "cell": ["high risk, high value", "medium risk, medium value", "low risk, low value", None],
            "play": ["Executive rescue", "Check-in", "Keep in touch", "Leave"],
            "n_in_person": [1, 0, 0, 0],
            "n_call": [3, 1, 1, 0],
            "n_email": [1, 0, 0, 0],
            "n_digital": [0, 3, 0, 3],
            "hours": [6.5, 1.0, 0.5, 0.0],
            "expected_value": [8_100.0, 390.0, 20.0, 3.0],
            "conservative_value": [4_200.0, -12.0, -60.0, -1.0],
            "value_per_hour": [1_246.0, 390.0, 40.0, float("nan")],
            "first_touch_by": pd.to_datetime(["2026-12-03", "2026-12-11", None, None]),
            "held_out": [False, False, False, False],
            "why": ["this call is worth 1,246 an hour", "a check-in pays", "a call pays", "no touch pays"],
        }
    )
    return lines[list(PLAN_COLUMNS)]


@pytest.fixture
def evaluation():
    return EvaluationView(
        target="churned",
        how="out of time",
        period="2026-01-01 to 2026-09-01",
        n_rows=4_020,
        n_accounts=500,
        n_events=342,
        base_rate=0.085,
        metrics={
            "auc": (0.82, 0.79, 0.85),
            "lift_at_10": (3.4, 2.9, 3.9),
            "skill": (0.12, 0.08, 0.16),
            "brier": (0.06, float("nan"), float("nan")),
        },
        curves={
            "roc": {"fpr": [0.0, 0.2, 1.0], "tpr": [0.0, 0.7, 1.0]},
            "precision_recall": {"recall": [0.0, 0.5, 1.0], "precision": [1.0, 0.4, 0.085]},
            "calibration": {
                "predicted": [0.25, 0.02], "observed": [0.24, 0.01],
                "low": [0.2, 0.0], "high": [0.3, 0.03], "n": [80.0, 400.0],
            },
            "gain": {"share": [0.0, 0.2, 1.0], "captured": [0.0, 0.55, 1.0]},
        },
        by_date=[
            {"date": "2026-01-01", "n": 400, "events": 30, "auc": 0.80, "log_loss": 0.25},
            {"date": "2026-04-01", "n": 410, "events": 33, "auc": 0.83, "log_loss": 0.24},
        ],
    )  # fmt: skip


@pytest.fixture
def content(scores, matrix, plan, evaluation):
    return ReportContent(
        book_name="Northwind",
        currency="USD",
        as_of="2026-12-01",
        horizon_days=90,
        model_version="v1-abc",
        scores=scores,
        matrix=matrix,
        segments=pd.DataFrame(
            {
                "segment": ["Save", "Maintain"], "n_accounts": [1, 0], "annual_revenue": [100_000.0, 0.0],
                "churn_probability": [0.4, float("nan")], "upsell_probability": [0.1, float("nan")],
                "lifetime_value": [120_000.0, float("nan")], "meaning": ["Large and likely to leave.", ""],
            }
        ),
        plan=plan,
        plan_summary={
            "hours_capacity": 10.0, "hours_used": 8.0, "lambda_": 40.0, "gap": 0.0005, "save_rate": 0.1,
            "expected_value": 8_510.0, "conservative_value": 4_128.0, "revenue_reached": 149_000.0,
            "by_owner": [
                {"owner": "Ann", "capacity": 3.0, "used": 1.5, "n_accounts": 2, "lambda_": 0.0},
                {"owner": "Zoë", "capacity": 7.0, "used": 6.5, "n_accounts": 2, "lambda_": 40.0},
            ],
            "left": {"no touch pays": 1},
            "cut": [
                {"segment": "Save", "n_wanted": 2, "n_planned": 1, "hours_wanted": 12.0, "hours_planned": 6.5}
            ],
            "notes": ["2 hours stay free"],
        },
        evaluations=[evaluation],
        models=[
            {
                "target": "churned", "rung": "blend", "n_events": 342, "base_rate": 0.085, "grade": "A",
                "grade_sentence": "A: orders accounts very well. More figures.", "warnings": ["mind the gap"],
                "top_features": [("usage_trend_90d", 0.3), ("seats <used>", 0.2)],
            }
        ],
        findings=[
            {"severity": "warning", "name": "usage is thin", "explanation": "few days", "way_out": None}
        ],
        rows={"rows_in": 5, "scored": 4, "rejected": 1},
        glossary=[("cell", "One place of the matrix.")],
        settings_summary=[("gross_margin", 0.8), ("static", ["plan", "country"])],
    )  # fmt: skip


@pytest.fixture
def bent(content):
    """Return the content with some fields changed."""
    return lambda **changes: replace(content, **changes)
