"""Is the process alive, is it ready to serve, and how old is the newest copy of its database."""

from litestar import MediaType, Response, get
from litestar.params import FromPath
from prometheus_client import CONTENT_TYPE_LATEST
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from live.catalogue import catalogue
from live.web.hall import AnyRequest, GivenHall, Hall, language_of

OLD_SECONDS = 180
"""A copy older than this is worth a warning: three in a row did not come."""


@get("/healthz", include_in_schema=False)
async def healthz() -> Response[str]:
    """Alive: the loop answers."""
    return Response("ok\n", media_type=MediaType.TEXT)


@get("/readyz", include_in_schema=False)
async def readyz(hall: GivenHall) -> Response[str]:
    """Ready: the database answers too. An old copy is told, and is no reason to send people elsewhere."""
    try:
        async with hall.database.reading() as session:
            await session.execute(text("SELECT 1"))
    except (SQLAlchemyError, OSError):
        return Response("database not reachable\n", status_code=503, media_type=MediaType.TEXT)
    return Response(f"ready\nbackup: {_told(hall)}\n", media_type=MediaType.TEXT)


@get("/f/{code:str}/backup", include_in_schema=False)
async def backup(request: AnyRequest, code: FromPath[str], hall: GivenHall) -> Response[str]:
    """The organiser's line about the newest copy; it asks again by itself."""
    forum = await hall.forum(code)
    viewer = await hall.viewer(request, forum, "organiser")
    age = None if hall.copies is None else hall.copies.age()
    state = "off" if hall.copies is None else "none" if age is None else "old" if age > OLD_SECONDS else "good"
    words = catalogue(language_of(request, forum.language))
    told = words(f"backup.{state}", n=round(age or 0) if (age or 0) < OLD_SECONDS else round((age or 0) / 60))
    part = hall.renderer.piece("backup", viewer.language, base=f"/f/{code}", text=told, is_good=state == "good")
    return Response(part, media_type=MediaType.HTML)


@get("/metrics", include_in_schema=False)
async def metrics(hall: GivenHall) -> Response[bytes]:
    """For Prometheus: figures of this process."""
    age = None if hall.copies is None else hall.copies.age()
    hall.metrics.sockets.set(hall.hub.listeners)
    hall.metrics.backup_age.set(-1 if age is None else age)
    hall.metrics.backups_failed.set(0 if hall.copies is None else hall.copies.failed)
    return Response(hall.metrics.text(), headers={"content-type": CONTENT_TYPE_LATEST})


def _told(hall: Hall) -> str:
    if hall.copies is None:
        return "off"
    age = hall.copies.age()
    return "none yet" if age is None else f"{age:.0f} s old"
