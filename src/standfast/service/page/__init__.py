"""The pages: one router per file; PAGES lists them, in the order of the navigation."""

from dataclasses import dataclass

from fastapi import APIRouter

from standfast.service.page import (
    account,
    accounts,
    alerts,
    backtest,
    book,
    campaign_forms,
    campaigns,
    forms,
    login,
    models,
    monitor,
    plan,
    segments,
    worklist,
)


@dataclass(frozen=True)
class Page:
    """A router of pages, and how the navigation calls it; without a title it is not in there."""

    router: APIRouter
    path: str = ""
    title: str = ""


PAGES = (
    Page(login.router),
    Page(forms.router),
    Page(campaign_forms.router),
    Page(book.router, "/", "Book"),
    Page(worklist.router, "/worklist", "Worklist"),
    Page(plan.router, "/plan", "Plan"),
    Page(accounts.router, "/accounts", "Accounts"),
    Page(account.router),
    Page(alerts.router, "/alerts", "Alerts"),
    Page(segments.router, "/segments", "Segments"),
    Page(campaigns.router, "/campaigns", "Campaigns"),
    Page(models.router, "/models", "Models"),
    Page(monitor.router, "/monitor", "Monitoring"),
    Page(backtest.router, "/backtest", "Backtest"),
)
