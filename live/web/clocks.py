"""The server's time, for clocks on screens: the device's own may be hours wrong."""

from typing import Any

from litestar import MediaType, Response, get

from live.web.hall import GivenHall


@get("/now")
async def now(hall: GivenHall) -> Response[Any]:
    """``{"now": RFC 3339 in UTC}``; never kept, so that half the round trip is all that can be wrong."""
    return Response({"now": hall.database.clock().isoformat()}, media_type=MediaType.JSON)
