"""A rehearsal at the levels that let people in: its phones come in as people do."""

import pytest

from live.rehearsal.address import CannotGoOn, parse
from live.rehearsal.audit import Verdict
from live.rehearsal.hall import Hall
from live.rehearsal.mishaps import USUAL, dice
from live.rehearsal.phone import Timing
from live.rehearsal.session import clock
from tests.web.house import House, secret

pytestmark = [pytest.mark.long, pytest.mark.asyncio(loop_scope="module")]


@pytest.mark.parametrize(("level", "role"), [("room", "moderator"), ("strict", "organiser")])
async def test_a_rehearsal_passes_with_the_number_or_with_cards(house: House, level: str, role: str) -> None:
    room = await house.room(integrity=level)
    link = parse(f"{house.address}/enter#{secret(room, role)}")
    hall = Hall(house.address, 20, USUAL, dice())
    try:
        await hall.open(link, link)
        now = clock()
        assert await hall.play(Timing(now, now + 12, joining=2)) == Verdict()
        assert all(phone.joined for phone in hall.phones)
        assert sum(len(phone.intents.acknowledged) for phone in hall.phones) > 0
    finally:
        await hall.close()


async def test_cards_need_the_organiser(house: House) -> None:
    room = await house.room(integrity="strict")
    link = parse(f"{house.address}/enter#{secret(room, 'moderator')}")
    hall = Hall(house.address, 2, USUAL, dice())
    with pytest.raises(CannotGoOn, match="organiser"):
        await hall.open(link, link)
    await hall.close()
