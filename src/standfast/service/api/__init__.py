"""The API under /api/v1: one router per subject."""

from standfast.service.api import (
    accounts,
    alerts,
    audit,
    book,
    campaigns,
    models,
    monitor,
    people,
    plan,
    records,
    score,
    worklist,
)

ROUTERS = tuple(
    subject.router
    for subject in (
        score,
        accounts,
        book,
        plan,
        worklist,
        records,
        alerts,
        campaigns,
        models,
        monitor,
        people,
        audit,
    )
)
