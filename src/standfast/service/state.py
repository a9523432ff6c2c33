"""What a running service holds, and how requests come to it."""

import asyncio
from dataclasses import dataclass

from fastapi import Request

from standfast.pipelines.desk import Desk
from standfast.service.callers import Callers
from standfast.service.keeper import DeskKeeper
from standfast.service.ledger_door import LedgerDoor
from standfast.service.limits import Allowance, Failures
from standfast.service.metrics import Metrics
from standfast.service.problems import away
from standfast.service.upload_queue import UploadQueue
from standfast.settings import Settings


@dataclass(frozen=True, eq=False, kw_only=True)
class Service:
    """What all requests share.

    Parameters
    ----------
    plans
        Turns for what-if plans.
    """

    settings: Settings
    keeper: DeskKeeper
    door: LedgerDoor
    callers: Callers
    allowance: Allowance
    failures: Failures
    metrics: Metrics
    uploads: UploadQueue
    plans: asyncio.Semaphore

    @property
    def desk(self) -> Desk:
        """The desk to answer from.

        Raises
        ------
        Problem
            None has been laid yet.
        """
        desk = self.keeper.desk
        if desk is None:
            raise away(self.keeper.problem or "the book is being read; come again in a moment", seconds=10)
        return desk


def make_service(settings: Settings, *, desk: Desk | None = None) -> Service:
    """Give what a service holds; nothing is opened or started yet."""
    policy = settings.service
    door = LedgerDoor(settings)
    return Service(
        settings=settings,
        keeper=DeskKeeper(settings, desk=desk),
        door=door,
        callers=Callers(door),
        allowance=Allowance(policy.requests_per_second, policy.requests_per_second * policy.burst_seconds),
        failures=Failures(policy.login_minutes * 60),
        metrics=Metrics(),
        uploads=UploadQueue(at_once=policy.uploads_at_once, waiting=policy.uploads_waiting),
        plans=asyncio.Semaphore(policy.plans_at_once),
    )


def service_of(request: Request) -> Service:
    """Give the service that answers a request."""
    service: Service = request.app.state.service
    return service


def desk_of(request: Request) -> Desk:
    """Give the desk a request is answered from: one and the same until its end."""
    desk: Desk | None = getattr(request.state, "desk", None)
    if desk is None:
        desk = request.state.desk = service_of(request).desk
    return desk
