"""The application: guard, door, routes; behind them the desk and the ledger."""

import contextlib
from collections.abc import AsyncIterator

from fastapi import Depends, FastAPI
from starlette.middleware import Middleware

from standfast import __version__
from standfast.pipelines.desk import Desk
from standfast.service import assets, health
from standfast.service.api import ROUTERS
from standfast.service.api.told import API
from standfast.service.door import Door
from standfast.service.guard import Guard
from standfast.service.openapi import openapi_of
from standfast.service.page import PAGES
from standfast.service.page.book import draw_ahead
from standfast.service.problems import add_handlers
from standfast.service.security import refuse_foreign_form
from standfast.service.state import make_service
from standfast.settings import Settings


def create_app(settings: Settings, *, desk: Desk | None = None) -> FastAPI:
    """Give the service as an application.

    Parameters
    ----------
    desk
        A desk that was laid already; else the first one is laid in the background after the start.
    """
    service = make_service(settings, desk=desk)
    service.keeper.when_laid = draw_ahead

    @contextlib.asynccontextmanager
    async def living(_: FastAPI) -> AsyncIterator[None]:
        service.keeper.start()
        try:
            yield
        finally:
            service.keeper.stop()
            service.door.close()

    app = FastAPI(
        title="standfast",
        version=__version__,
        summary="Whom to contact, how and why: scores, plan, worklists and what came of them.",
        lifespan=living,
        docs_url=None,
        redoc_url=None,
        openapi_url=f"{API}/openapi.json",
        dependencies=[Depends(refuse_foreign_form)],
        middleware=[
            Middleware(Guard, policy=settings.service, metrics=service.metrics),
            Middleware(Door, service=service),
        ],
    )
    app.state.service = service
    app.openapi = lambda: openapi_of(app)  # type: ignore[method-assign]
    add_handlers(app)
    app.include_router(health.router)
    app.include_router(assets.router)
    for router in ROUTERS:
        app.include_router(router)
    for page in PAGES:
        app.include_router(page.router)
    return app
