"""Is the process alive, and is it ready to serve."""

from litestar import MediaType, Response, get
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from live.web.hall import GivenHall


@get("/healthz", include_in_schema=False)
async def healthz() -> Response[str]:
    """Alive: the loop answers."""
    return Response("ok\n", media_type=MediaType.TEXT)


@get("/readyz", include_in_schema=False)
async def readyz(hall: GivenHall) -> Response[str]:
    """Ready: the database answers too."""
    try:
        async with hall.database.reading() as session:
            await session.execute(text("SELECT 1"))
    except (SQLAlchemyError, OSError):
        return Response("database not reachable\n", status_code=503, media_type=MediaType.TEXT)
    return Response("ready\n", media_type=MediaType.TEXT)
