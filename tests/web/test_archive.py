"""The archive tells how the hall chose: when supports came, and where a question stood when it was taken."""

import pytest

from tests.people import BUDI, DINA, MAYA, NINA
from tests.web.house import House

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_supports_over_time_and_the_rank_when_chosen_stand_in_the_archive(house: House) -> None:
    room = await house.room()
    popular, other = await room.asked("shown"), await room.asked("shown")
    for person in (BUDI, DINA):
        await room.do("support", person, popular, on=True)
    await room.do("support", BUDI, other, on=True)
    await room.do("stage", MAYA, other, speaker=1)
    await room.do("why", MAYA, other, text="Menyangkut banyak warga.")
    await room.do("note", NINA, other, text="Bulan depan.", promise="no")
    await room.publish()
    async with house.browser() as reader:
        page = (await reader.get(f"/f/{room.code}/archive")).text
    assert "Saat dipilih 1, urutan 2 dari 2. Alasan: <span>Menyangkut banyak warga.</span>" in page
    chart = page.partition('id="supports-over-time"')[2].partition("</section>")[0]
    assert "Dukungan menurut waktu" in chart
    assert '<td class="num">3</td>' in chart, "all of them came within half an hour"


async def test_supports_are_not_counted_by_time_before_the_record_is_published(house: House) -> None:
    room = await house.room()
    await room.do("support", BUDI, await room.asked("shown"), on=True)
    assert (await room.facts()).crowd.supports == ()
