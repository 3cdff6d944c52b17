"""What the hall and the speakers see of the stage: by the server's clock, and without a network for a while."""

import asyncio
import io
import re
from datetime import datetime
from typing import Any

import pytest
import segno
from PIL import Image
from playwright.async_api import Page, expect

from tests.browser.conftest import NewPerson
from tests.browser.desk import Desk, at_the_desk
from tests.browser.person import connected
from tests.browser.served import Forum, Served

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

FIRST, SECOND, THIRD = "Kapan blanko KTP-el tersedia?", "Apakah akta bisa jadi sehari?", "Ada layanan hari Sabtu?"
PROJECTOR = {"viewport": {"width": 1920, "height": 1080}}
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}

SHIFT = """(hours) => {
  const Real = Date, off = hours * 3600 * 1000;
  window.Date = class extends Real {
    constructor(...given) { if (given.length) super(...given); else super(Real.now() + off); }
    static now() { return Real.now() + off; }
  };
}"""
"""A device whose clock is wrong; what the browser counts steadily (performance.now) is not."""


async def on_stage(person: NewPerson, served: Served) -> Desk:
    """A forum whose first question is being answered and two wait; the projector shows the stage."""
    desk = await at_the_desk(person, served.forum(answer_seconds=300))
    await desk.queued(FIRST, SECOND, THIRD)
    await desk.act("next")
    await desk.act("show-on-screen", view="stage")
    return desk


def seconds(text: str) -> int:
    """``4.59`` → 299."""
    minutes, _, rest = text.partition(".")
    return int(minutes) * 60 + int(rest)


async def left(desk: Desk) -> float:
    """How many seconds the answer on stage still has, by the server's own clock."""
    stage = (await desk.state())["stage"]
    answer = await desk.person.context.request.get(f"{desk.person.address}/now")
    now = datetime.fromisoformat((await answer.json())["now"])
    return float(stage["allowed"] - (now - datetime.fromisoformat(stage["since"])).total_seconds())


@pytest.mark.parametrize("hours", [2, pytest.param(-2, marks=pytest.mark.long)])
async def test_a_device_two_hours_wrong_shows_the_right_remaining_time(
    served: Served, demo: Forum, person: NewPerson, hours: int
) -> None:
    desk = await on_stage(person, served)
    for role in ("speaker:1", "moderator"):
        somebody = await person(**PHONE)
        await somebody.context.add_init_script(f"({SHIFT})({hours})")
        page = await connected(await somebody.enter(desk.forum, role))
        assert abs(await page.evaluate("Date.now()") / 1000 - datetime.now().timestamp()) > 7000
        timer = page.get_by_role("timer").filter(has_text=re.compile(r"^\d+\.\d\d$"))
        await expect(timer).to_be_visible()
        assert abs(seconds(await timer.inner_text()) - await left(desk)) <= 2


async def test_the_last_half_minute_is_told_to_the_speaker_and_the_desk_alone(
    served: Served, demo: Forum, person: NewPerson
) -> None:
    desk = await at_the_desk(person, served.forum(answer_seconds=30))
    await desk.queued(FIRST)
    await desk.act("next")
    await desk.act("show-on-screen", view="stage")
    speaker = await connected(await (await person(**PHONE)).enter(desk.forum, "speaker:1"))
    moderator = await connected(await (await person()).enter(desk.forum, "moderator"))
    screen = await connected(await (await person(**PROJECTOR)).enter(desk.forum, "screen"))
    phone = await connected(await (await person(**PHONE)).visit(desk.forum.path))
    for page in (speaker, moderator):
        await expect(page.get_by_text("Mohon disimpulkan")).to_be_visible()
    for page in (screen, phone):
        await expect(page.get_by_text(FIRST).first).to_be_visible()
        assert await page.locator("[data-clock]").count() == 0
    await speaker.get_by_role("button", name="Tambah waktu 1 menit").tap()
    for page in (speaker, moderator):
        await expect(page.get_by_text("Mohon disimpulkan")).to_be_hidden()


@pytest.mark.long
async def test_a_private_line_is_read_by_its_speaker_and_the_desk_sees_it(
    served: Served, demo: Forum, person: NewPerson
) -> None:
    desk = await on_stage(person, served)
    first, second = [await connected(await (await person(**PHONE)).enter(desk.forum, f"speaker:{n}")) for n in (1, 2)]
    await desk.act("message", speaker=1, text="2 menit lagi")
    await expect(first.get_by_text("2 menit lagi").first).to_be_visible()
    await first.get_by_role("button", name="Sudah saya baca").tap()
    await expect(first.locator("#lines")).to_be_empty()
    assert (await desk.state())["messages"][0]["read"] is not None
    assert "2 menit lagi" not in await second.content()


async def test_the_asker_is_told_when_the_own_question_is_answered(
    served: Served, demo: Forum, person: NewPerson
) -> None:
    desk = await at_the_desk(person, served.forum())
    phone = await connected(await (await person(**PHONE)).visit(desk.forum.path))
    for text in (FIRST, SECOND):
        await phone.get_by_role("textbox", name="Tulis pertanyaan Bapak/Ibu").fill(text)
        await phone.get_by_role("button", name="Kirim").tap()
        await expect(phone.get_by_role("status").filter(has_text="Nomor pertanyaan Anda")).to_be_visible()
    await desk.act("questions/1/queue", speaker=1)
    await desk.act("next")
    await expect(phone.locator("#mine")).to_contain_text("Pertanyaan Anda sedang dijawab")
    await expect(phone.locator("#stage")).to_contain_text(FIRST)


async def pulled(desk: Desk, person: NewPerson, seconds: float) -> None:
    """Without a network the projector keeps its picture and a phone says so; both catch up, neither is loaded anew."""
    screen_person, phone_person = await person(**PROJECTOR), await person(**PHONE)
    for somebody in (screen_person, phone_person):
        somebody.foresee(r"ERR_INTERNET_DISCONNECTED|WebSocket connection")
    screen = await connected(await screen_person.enter(desk.forum, "screen"))
    phone = await connected(await phone_person.visit(desk.forum.path))
    for page in (screen, phone):
        await page.evaluate("window.marked = true")
    await expect(screen.locator("#view")).to_contain_text(FIRST)
    await screen.keyboard.press("Escape")  # the hint has been read
    picture = await screen.locator("body").inner_text()
    for somebody in (screen_person, phone_person):
        await somebody.context.set_offline(True)
    await desk.act("next")
    await expect(screen.locator(".dot")).to_be_visible()
    await expect(phone.locator("#net")).to_contain_text("Tidak ada sambungan")
    await asyncio.sleep(seconds)  # this long the network is away: what is tested, not waited for
    assert await screen.locator("body").inner_text() == picture, "the last picture, and no word of an error"
    for somebody in (screen_person, phone_person):
        await somebody.context.set_offline(False)
    for page, where in ((screen, "#view"), (phone, "#stage")):
        await expect(page.locator(where)).to_contain_text(SECOND, timeout=10_000)
        assert await page.evaluate("window.marked") is True
    await expect(screen.locator(".dot")).to_be_hidden()
    await expect(phone.locator("#net")).to_contain_text("Tersambung")


async def test_the_network_is_pulled_for_a_moment(served: Served, demo: Forum, person: NewPerson) -> None:
    await pulled(await on_stage(person, served), person, 2)


@pytest.mark.long
async def test_the_network_is_pulled_for_a_minute(served: Served, demo: Forum, person: NewPerson) -> None:
    await pulled(await on_stage(person, served), person, 60)


@pytest.mark.long
async def test_a_projector_sent_for_a_fresh_page_keeps_its_picture_until_there_is_one(
    served: Served, demo: Forum, person: NewPerson
) -> None:
    desk = await at_the_desk(person, served.forum())
    somebody = await person(**PROJECTOR)
    somebody.foresee("ERR_FAILED|ERR_INTERNET_DISCONNECTED")
    screen = await connected(await somebody.enter(desk.forum, "screen"))
    await screen.evaluate("window.marked = true")
    asked = asyncio.Event()

    async def lost(route: Any) -> None:
        asked.set()
        await route.abort()

    await screen.route(re.compile(r"/screen$"), lost)
    await desk.act("phase", to="closed")
    organiser = await (await person()).enter(desk.forum, "organiser")
    address = f"{desk.person.address}{desk.forum.path}/phase"
    answer = await organiser.request.post(address, form={"to": "published"}, headers={"accept": "application/json"})
    assert answer.ok, await answer.text()
    async with asyncio.timeout(20):
        await asked.wait()
    assert await screen.evaluate("window.marked") is True
    await expect(screen.locator("#view")).to_be_visible()
    await screen.unroute(re.compile(r"/screen$"))
    await screen.wait_for_function("() => window.marked === undefined")


async def test_a_strange_projector_opens_when_the_desk_types_its_number(
    served: Served, demo: Forum, person: NewPerson
) -> None:
    desk = await at_the_desk(person, served.forum())
    somebody = await person(**PROJECTOR)
    somebody.foresee("403")
    strange = await somebody.visit(f"{desk.forum.path}/screen")
    digits = await strange.locator(".pairing").inner_text()
    moderator = await connected(await desk.person.visit(f"{desk.forum.path}/moderate"))
    await moderator.get_by_text("Acara dan pesan").click()
    await moderator.get_by_role("textbox", name="Sambungkan perangkat: nomor di layarnya").fill(digits)
    await moderator.get_by_role("button", name="Sambungkan").click()
    await expect(strange.locator("#view")).to_be_visible()
    await connected(strange)


@pytest.mark.parametrize(
    ("size", "look"), [((1920, 1080), "light"), pytest.param((1024, 768), "dark", marks=pytest.mark.long)]
)
async def test_the_qr_code_leads_to_the_forum_and_has_its_quiet_zone(
    served: Served, demo: Forum, person: NewPerson, size: tuple[int, int], look: str
) -> None:
    desk = await at_the_desk(person, served.forum())
    await desk.act("show-on-screen", view="join", look=look, interpreter="right")
    options = {"viewport": {"width": size[0], "height": size[1]}}
    screen = await connected(await (await person(**options)).enter(desk.forum, "screen"))
    await expect(screen.locator(f"#view[data-view=join][data-look={look}]")).to_be_visible()
    wanted = segno.make_qr(f"{served.address}{desk.forum.path}", error="m")
    modules = [[bool(module) for module in row] for row in wanted.matrix_iter(border=4)]
    assert await drawn(screen, len(modules)) == modules, "every module as the standard has it, four light ones around"


async def drawn(screen: Page, modules: int) -> list[list[bool]]:
    """Whether the middle of each module of the code on the screen is dark."""
    box = await screen.get_by_role("img", name="Kode QR").bounding_box()
    assert box is not None
    side = min(box["width"], box["height"])
    left, top = box["x"] + (box["width"] - side) / 2, box["y"] + (box["height"] - side) / 2
    picture = Image.open(io.BytesIO(await screen.screenshot())).convert("L")
    at = [(n + 0.5) * side / modules for n in range(modules)]
    return [[int(picture.getpixel((left + x, top + y))) < 128 for x in at] for y in at]  # type: ignore[arg-type]
