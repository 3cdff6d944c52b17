"""The Big List of Naughty Strings as questions, on every screen of a real browser: text stays text."""

import contextlib
import json
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect
from playwright.async_api import TimeoutError as PlaywrightTimeout

from live.rules.refusal import Refusal
from live.rules.words import Status
from tests.browser.conftest import NewPerson
from tests.browser.person import PHONE, Person, connected
from tests.browser.served import Served
from tests.build import Room
from tests.people import MAYA, SARI

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.asyncio(loop_scope="session")]

STRINGS = json.loads((Path(__file__).parent.parent / "vendor" / "blns.json").read_text(encoding="utf-8"))
EVASIONS = [
    "<div hx-get=/organiser hx-trigger=load>tenang</div>",
    "<hx-partial hx-target=body>tenang</hx-partial>",
    '<article id="q-1" data-status="gone">tenang</article>',
    "<template data-in=body><script>alert(1)</script></template>",
    "{{ 7*7 }} {% include '/etc/passwd' %} ${alert(1)}",
    "]]><svg/onload=alert(1)>",
    "--></textarea><img src=x onerror=alert(1)>",
]
MARKUP = frozenset("<>&\"'`{}")
"""Could become more than text: what has any of it also stands on the projector and before the speaker, one by one."""

WATCH = """
window.reports = [];
addEventListener('securitypolicyviolation', (event) => window.reports.push(event.violatedDirective));
"""
WRONG = """([prefix, wanted]) => wanted.filter(([number, text]) => {
  const place = document.getElementById(prefix + number);
  const inside = place ? [...place.querySelectorAll('p')] : [];
  return !inside.some((p) => p.textContent === text && p.childElementCount === 0);
}).map(([number]) => number)"""
FOREIGN = """() => [...document.querySelectorAll('*')].filter((one) =>
  one.getAttributeNames().some((name) => name.startsWith('on'))
  || (one.localName === 'script' && !one.src.startsWith(location.origin))
).map((one) => one.outerHTML.slice(0, 200))"""
LOOK, PATIENCE = 200, 90_000
"""Milliseconds; hundreds of cards are many for one page, and looking at all of them keeps it from its work."""

Texts = list[tuple[int, str]]


async def test_every_naughty_string_is_shown_as_text_on_every_screen(served: Served, person: NewPerson) -> None:
    forum = served.forum(moderation="after", max_length=2000)
    everybody = await person()
    await everybody.context.add_init_script(WATCH)
    await everybody.hold(forum, "moderator", "screen", "scribe", "speaker:1")

    async def story(room: Room) -> None:
        following = [await opened(everybody, f"{forum.path}{name}") for name in ("", "/moderate")]
        texts = await asked(room)
        assert len(texts) > 450
        for page in following:
            await shows(page, "q-", texts)
            await is_clean(page)
        await room.do("show-on-screen", MAYA, view="stage")
        staging = [await opened(everybody, f"{forum.path}{name}") for name in ("/screen", "/speaker")]
        scribe = await opened(everybody, f"{forum.path}/scribe")
        heard = [pair for pair in texts if MARKUP & set(pair[1])]
        for number, text in heard:
            await room.do("stage", MAYA, number, speaker=1)
            for page in staging:
                await shows(page, "stage-", [(number, text)])
            await room.do("answered", MAYA, number)
        await shows(scribe, "q-", heard)
        for page in (*staging, scribe):
            await is_clean(page)
        for name in ("", "/moderate"):
            page = await opened(everybody, f"{forum.path}{name}")
            await shows(page, "q-", texts)
            await is_clean(page)
        await room.publish()
        archive = await opened(everybody, f"{forum.path}/archive", is_live=False)
        await shows(archive, "q-", texts)
        await is_clean(archive)

    await served.play(forum, story)


async def test_the_own_question_of_a_phone_is_text_in_its_box_and_its_list(served: Served, person: NewPerson) -> None:
    forum = served.forum(moderation="before", max_length=2000)
    somebody = await person(**PHONE)
    await somebody.context.add_init_script(WATCH)
    phone = await opened(somebody, forum.path)
    await phone.get_by_role("textbox", name="Tulis pertanyaan Bapak/Ibu").fill(EVASIONS[0])
    await phone.get_by_role("button", name="Kirim").click()
    await expect(phone.get_by_role("status").filter(has_text="Nomor pertanyaan Anda")).to_be_visible()
    await is_clean(phone)
    mine = await opened(somebody, f"{forum.path}/mine", is_live=False)
    await expect(mine.locator("p").get_by_text(EVASIONS[0], exact=True)).to_be_visible()
    await is_clean(mine)


async def is_clean(page: Page) -> None:
    """Nothing ran that was not ours, and nothing tried to; the page is closed."""
    assert await page.evaluate(FOREIGN) == [], page.url
    assert await page.evaluate("window.reports") == [], page.url
    await page.close()


async def opened(somebody: Person, path: str, *, is_live: bool = True) -> Page:
    """The page, which writes every dialog down as a trouble."""
    page = await somebody.visit(path)
    page.on("dialog", lambda dialog: somebody.troubles.append(f"dialog: {dialog.message}"))
    return await connected(page) if is_live else page


async def shows(page: Page, prefix: str, texts: Texts) -> None:
    """Wait until every one of these stands there, as one text without an element in it."""
    given: list[Any] = [prefix, texts]
    with contextlib.suppress(PlaywrightTimeout):
        await page.wait_for_function(
            f"(given) => ({WRONG})(given).length === 0", arg=given, polling=LOOK, timeout=PATIENCE
        )
    wrong = set(await page.evaluate(WRONG, given))
    assert [pair for pair in texts if pair[0] in wrong] == [], page.url


async def asked(room: Room) -> Texts:
    """What of the list can be asked at all, by number, as the hall is to read it."""
    for place, words in enumerate([*STRINGS, *EVASIONS]):
        try:
            number = await room.ask(words, SARI, key=f"naughty-{place:04}")
        except Refusal as refused:
            assert refused.status == 422, (refused.reason, words)
            continue
        if await room.status(number) == Status.PENDING:
            await room.do("show", MAYA, number)
    facts = await room.facts()
    return [(question.number, question.text or "") for question in facts.questions]
