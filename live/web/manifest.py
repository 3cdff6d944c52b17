"""What a phone needs to keep a forum as an icon on its home screen. On plain http browsers take it as a bookmark."""

from typing import Any

from litestar import Response, get
from litestar.params import FromPath

from live.web.hall import AnyRequest, GivenHall, language_of


@get("/f/{code:str}/manifest.webmanifest")
async def manifest(request: AnyRequest, code: FromPath[str], hall: GivenHall) -> Response[dict[str, Any]]:
    """The web app manifest of one forum."""
    forum = await hall.forum(code)
    about = {
        "id": f"/f/{code}",
        "name": forum.title,
        "short_name": "Jaring",
        "lang": language_of(request, forum.language),
        "start_url": f"/f/{code}",
        "scope": "/",
        "display": "minimal-ui",
        "background_color": "#edf2ef",
        "theme_color": "#07543f",
        "icons": [
            {"src": f"{hall.static.address}/icon.svg", "sizes": "any", "type": "image/svg+xml", "purpose": "any"}
        ],
    }
    headers = {"cache-control": "public, max-age=3600"}
    return Response(about, media_type="application/manifest+json", headers=headers)
