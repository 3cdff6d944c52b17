"""The one place where the parts are put together."""

import contextlib
from collections.abc import AsyncIterator, Sequence
from typing import Any

import structlog
from litestar import Litestar, MediaType, Request, Response
from litestar.di import Provide
from litestar.exceptions import HTTPException
from litestar.handlers import HTTPRouteHandler
from litestar.openapi import OpenAPIConfig
from litestar.types import ASGIApp

from live import __version__
from live.actions.pace import Pace
from live.actions.perform import Acting
from live.actions.purging import daily
from live.actions.rehearsing import sweeping
from live.metrics import Metrics
from live.places import STATIC
from live.push.hub import Hub
from live.push.present import ForumGone
from live.reminding import reminding
from live.render import Renderer
from live.rules.refusal import Refusal
from live.settings import Settings
from live.store import installation
from live.store.backup import Copies, keeping
from live.store.database import Clock, connect, utc_now
from live.store.migrating import migrate
from live.store.safe import Safe
from live.web import answers, feeds, routes
from live.web.described import Described
from live.web.guard import guard_middleware
from live.web.hall import Hall
from live.web.static import StaticFiles
from live.web.visitor import Cookies, visitor_middleware

LARGEST_BODY = 64 * 1024
log = structlog.get_logger()


async def build(settings: Settings, clock: Clock = utc_now) -> Hall:
    """Open the database (migrating it), and put together what handlers need."""
    database = connect(settings.database_url, clock)
    await migrate(database)
    secret = settings.secret or await installation.secret(database)
    static = StaticFiles(STATIC)
    folder, metrics = settings.backup_folder, Metrics()
    renderer = Renderer(static.address, settings.public, clock)
    return Hall(
        settings=settings,
        database=database,
        acting=Acting(database, Pace(settings.limits), metrics, Safe(secret)),
        hub=Hub(database, renderer, metrics),
        renderer=renderer,
        cookies=Cookies(secret, is_secure=settings.public.startswith("https:")),
        static=static,
        metrics=metrics,
        copies=None if folder is None else Copies.of(database, settings.database_url, folder),
    )


def create_app(hall: Hall, more: Sequence[HTTPRouteHandler] = ()) -> ASGIApp:
    """The application: Litestar inside the two gates that every request passes; ``more`` handlers are a bench's."""

    @contextlib.asynccontextmanager
    async def running(_app: Litestar) -> AsyncIterator[None]:
        await hall.database.start()
        try:
            async with (
                keeping(hall.copies, hall.settings.backup_seconds),
                daily(hall.database),
                sweeping(hall.database),
                reminding(hall.database, hall.settings, hall.acting.safe),
            ):
                yield
        finally:
            await hall.hub.close()
            await hall.database.close()

    litestar = Litestar(
        route_handlers=routes.handlers(hall, more),
        dependencies={"hall": Provide(lambda: hall, sync_to_thread=False)},
        exception_handlers=_exception_handlers(hall),
        lifespan=[running],
        request_max_body_size=LARGEST_BODY,
        openapi_config=OpenAPIConfig(
            title="Jaring", version=__version__, path="/schema", render_plugins=[Described(path="/")]
        ),
        logging_config=None,
        debug=False,
    )
    return guard_middleware(visitor_middleware(feeds.with_feed(litestar, hall), hall.cookies), hall.settings)


def _exception_handlers(hall: Hall) -> dict[int | type[Exception], Any]:
    def refused(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
        return answers.refusal(hall, request, _as_refusal(error))

    def failed(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
        log.error("a request failed", path=request.url.path, error=type(error).__name__, exc_info=error)
        text = "Maaf, terjadi gangguan. Silakan coba lagi. / Sorry, something went wrong. Please try again.\n"
        return Response(text, status_code=500, media_type=MediaType.TEXT)

    return {Refusal: refused, HTTPException: refused, ForumGone: refused, Exception: failed}


def _as_refusal(error: Exception) -> Refusal:
    """An error of the framework in our words."""
    if isinstance(error, Refusal):
        return error
    status = getattr(error, "status_code", 404)
    if status == 413:
        return Refusal("too_big", "size")
    if status == 405:
        return Refusal("wrong_method", "method")
    if status == 404:
        return Refusal("no_such_page", "existence")
    return Refusal("bad_body", "fields")
