"""The desk in the report's words, so that page and report say the same of the same book."""

from dataclasses import asdict

import pandas as pd

from standfast.pipelines.desk import Desk
from standfast.pipelines.kept_monitor import kept_monitor
from standfast.report.content import ReportContent


def content_of(desk: Desk) -> ReportContent:
    """Give what the report would be made from, had it been written when the desk was laid."""
    settings, found, plan = desk.settings, desk.segmentation, desk.plan
    n_scored, n_rejected = len(desk.accounts), len(desk.rejected)
    return ReportContent(
        book_name=settings.book_name,
        currency=settings.units.currency,
        as_of=desk.as_of.isoformat() if desk.as_of else None,
        horizon_days=settings.horizon.horizon_days,
        model_version=desk.version,
        scores=desk.book.given.scores,
        matrix=desk.matrix,
        segments=found.cells if found else pd.DataFrame(),
        plan=plan.lines if plan else None,
        plan_summary=asdict(plan.summary) if plan else {"notes": list(desk.notes)},
        evaluations=desk.evaluations,
        models=desk.models,
        gate=desk.gate,
        backtest=desk.backtest,
        monitor=kept_monitor(settings, version=desk.version) or {},
        rows={"rows_in": n_scored + n_rejected, "scored": n_scored, "rejected": n_rejected},
        named=found.named if found else pd.DataFrame(),
        about_segments=(*found.concentration.sentences, *found.notes) if found else (),
        glossary=found.glossary if found else (),
        least_ltv_to_cac=settings.economics.least_ltv_to_cac,
    )
