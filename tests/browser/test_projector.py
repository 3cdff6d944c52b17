"""What the hall reads: every view at three sizes, with short, longest, emoji and long-word texts, is measured."""

from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import expect

from tests.browser.conftest import NewPerson
from tests.browser.desk import Desk, at_the_desk
from tests.browser.person import connected
from tests.browser.served import Forum, Served

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SIZES = ((1920, 1080), (1280, 720), (1024, 768))
VIEWS = ("join", "list", "stage", "rules", "agreements", "closing", "blank")
LONGEST = (
    "Saya sudah merekam KTP-el sejak bulan Maret di kecamatan, tetapi sampai hari ini blanko disebut kosong. Anak "
    "saya butuh KTP untuk melamar pekerjaan di luar kota. Kapan blanko tersedia, apakah ada daftar tunggu yang dapat "
    "dilihat warga, dan apakah surat keterangan masih diterima di semua kantor dan bank?"
).ljust(300, "?")
TEXTS = {
    "short": "Kapan?",
    "longest": LONGEST,
    "emoji": "Kapan " + "😭🙏🪪" * 98,
    "word": "Pertanggungjawaban" * 16 + "nya?",
}

FAST = ("longest", "none", "light")
"""What is measured each time; everything else takes minutes."""

MEASURE = Path(__file__).with_name("measure.js").read_text("utf-8")
DRAWN = """() => document.fonts.ready.then(
  () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))"""


async def fill(desk: Desk, text: str) -> None:
    """A question on stage, others waiting and shown, and a page full of agreements, all with this text."""
    for number in range(1, 8):
        await desk.act(
            "questions", text=f"{text[:298]} {number}" if text == TEXTS["short"] else text[:299] + str(number)
        )
        await desk.act(f"questions/{number}/show")
    for number in range(1, 4):
        await desk.act(f"questions/{number}/queue", speaker=1)
    await desk.act("questions/1/stage")
    for number in range(5):
        await desk.act("follow-ups", problem=f"{number} {text}", recommendation=text, owner="Kepala Bidang Pendaftaran")


def mistakes(found: list[dict[str, Any]], width: int) -> list[str]:
    """What is wrong with this picture."""
    said = []
    for piece in found:
        if piece["cut"]:
            said.append(f"cut off: {piece['text']}")
        if piece["rem"] < 32 / 28.8 - 0.01:
            said.append(f"too small ({piece['px']:.1f}px): {piece['text']}")
        if piece["say"] and piece["px"] < 48 * min(width / 1920, 1) - 0.1:
            said.append(f"the question is under 48px at 1920 ({piece['px']:.1f}px): {piece['text']}")
        if piece["contrast"] < 7:
            said.append(f"contrast {piece['contrast']:.1f}: {piece['text']}")
    return said


EVERYTHING = [
    pytest.param(kind, interpreter, look, marks=() if (kind, interpreter, look) == FAST else pytest.mark.long)
    for kind in TEXTS
    for interpreter in ("none", "left", "right")
    for look in ("light", "dark")
]


@pytest.mark.parametrize(("kind", "interpreter", "look"), EVERYTHING)
async def test_nothing_on_the_projector_is_cut_off_too_small_or_too_pale(
    served: Served, demo: Forum, person: NewPerson, tmp_path: Path, kind: str, interpreter: str, look: str
) -> None:
    forum = served.forum(
        title="Forum Konsultasi Publik Pelayanan Administrasi Kependudukan",
        agenda=[{"title": "Tanya jawab", "minutes": 90}],
    )
    desk = await at_the_desk(person, forum)
    await fill(desk, TEXTS[kind])
    await desk.act("agenda", item=1)
    screen = await connected(await (await person(viewport={"width": 1920, "height": 1080})).enter(forum, "screen"))
    await screen.keyboard.press("Escape")  # the hint has been read
    wrong: dict[str, list[str]] = {}
    for view in VIEWS:
        await desk.act("show-on-screen", view=view, interpreter=interpreter, look=look)
        await expect(
            screen.locator(f"#view[data-view={view}][data-free={interpreter}][data-look={look}]")
        ).to_be_visible()
        for width, height in SIZES:
            await screen.set_viewport_size({"width": width, "height": height})
            await screen.evaluate(DRAWN)
            name = f"{view}-{width}"
            if (kind, interpreter, look) != FAST:
                await screen.screenshot(path=tmp_path / f"{name}.png")
            if said := mistakes(await screen.evaluate(MEASURE), width):
                wrong[name] = said
    assert wrong == {}
