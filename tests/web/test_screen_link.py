"""The projector's link shows the projector and nothing else: tried on every act of the team and on all their pages."""

import itertools

import pytest

from live.rules.acts import ACTS
from live.rules.words import Role
from live.web.acts import FORUM_ACTS, handlers
from tests.build import Room, full_room
from tests.web.house import House, enter

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.parametrize("house", ["sqlite"], indirect=True),
]

PATHS = {str(handler.name): next(iter(handler.paths)) for handler in handlers()}
PAGES = (
    "moderate closing scribe speaker speaker?speaker=2 helper manage team trail trail.csv plan owners contacts".split()
)
OF_THE_TEAM = sorted(name for name in PATHS if Role.PARTICIPANT not in ACTS[name].roles)
"""Acts that need a grant (or to have asked that very question); all others are anybody's in the hall."""


async def test_the_screen_link_does_no_act_of_the_team(house: House, forum: Room) -> None:
    numbers = await full_room(forum)
    before = await forum.facts()
    async with house.browser(accept="application/json") as screen:
        await enter(screen, forum, "screen")
        for name, number in itertools.product(OF_THE_TEAM, (numbers["stage"], numbers["pending"], 1)):
            path = PATHS[name].replace("{code:str}", forum.code).replace("{number:int}", str(number))
            for fields in ({}, {"text": "x", "view": "list", "to": "closed", "speaker": 1, "digits": "123456"}):
                assert (await screen.post(path, json=fields)).status_code == 403, path
    assert await forum.facts() == before


async def test_every_path_of_an_act_was_walked(house: House) -> None:
    assert set(FORUM_ACTS.values()) <= set(PATHS)
    assert {"next", "undo", "message", "time", "agenda", "pair", "show", "stage"} <= set(OF_THE_TEAM)


async def test_the_screen_link_opens_no_page_and_no_view_of_another_role(house: House, forum: Room) -> None:
    await full_room(forum)
    async with house.browser(accept="text/html") as screen:
        await enter(screen, forum, "screen")
        assert (await screen.get(f"/f/{forum.code}/screen")).status_code == 200
        for page in PAGES:
            assert (await screen.get(f"/f/{forum.code}/{page}")).status_code == 403, page
        for audience in ("moderator", "organiser", "scribe", "speaker", "helper"):
            for path in ("state", "frames"):
                answer = await screen.get(f"/f/{forum.code}/{path}?as={audience}&speaker=1")
                assert answer.status_code == 403, (path, audience)
