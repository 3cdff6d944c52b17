"""How fast the desk is under keys, and two moderators with the same cards for a minute; figures are printed."""

import asyncio
import random
import statistics
import time
from collections import Counter
from collections.abc import Callable
from itertools import pairwise

import pytest
from playwright.async_api import Page, Response, WebSocket, expect

from tests.browser.conftest import NewPerson
from tests.browser.desk import at_the_desk
from tests.browser.overheard import SHOWING, journal
from tests.browser.person import connected
from tests.browser.served import Forum, Served

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.asyncio(loop_scope="session")]

LAPTOP = {"viewport": {"width": 1366, "height": 768}}
KINDS = ("t",) * 24 + ("a",) * 8 + ("l",) * 4 + ("x6",) * 4
"""What forty messages need: show, queue where it belongs, complaints desk, reject with its reason."""

FROM_KEY_TO_PICTURE = """() => {
  window.answers = [];
  let pressed = null;
  addEventListener('keydown', () => { pressed = performance.now(); }, true);
  new MutationObserver(() => {
    if (pressed === null) return;
    const since = pressed;
    pressed = null;
    requestAnimationFrame(() => setTimeout(() => answers.push(performance.now() - since)));
  }).observe(document.body, { attributes: true, childList: true, subtree: true });
}"""
"""From each key to the first picture in which something has changed."""

LISTS = """() => JSON.stringify([...document.querySelectorAll('.tickets[id]')].map((list) => {
  const cards = [...list.children].map((card) => `${card.id} ${card.dataset.status}`);
  return [list.id, list.dataset.order === 'free' ? cards.sort() : cards];
}))"""
"""Every list of the desk with its cards; where the order is free it is not compared."""

ACTS = ("t", "l", "x6", "a", "o", "1", "2", "3", "n", "z", "z", "z")
"""What the hammering hands do to a card; they take back often, so that there is always one to fight for."""

KIND_OF = {"show": "SHOWN", "private": "MADE_PRIVATE", "reject": "REJECTED", "unqueue": "UNQUEUED"}
OTHERS = ("screen", "scribe", "helper", "speaker:1")
NIK = "64710101019000"


def words(number: int) -> str:
    """A question nobody else asks; its marker is found in any byte that carries it."""
    return f"KTP-el saya kapan jadi? (tanda{random.getrandbits(60):015x}) {number}"


async def at_work(person: NewPerson, forum: Forum) -> Page:
    """A desk on a laptop; acts on cards that moved on are refused, and that is no trouble."""
    somebody = await person(**LAPTOP)
    somebody.foresee("409")
    return await connected(await somebody.enter(forum, "moderator"))


async def test_forty_messages_need_few_keys_and_each_is_answered_at_once(
    served: Served, demo: Forum, person: NewPerson, capsys: pytest.CaptureFixture[str]
) -> None:
    forum = served.forum()
    await served.ask(forum, *(words(number) for number in range(40)))
    page = await at_work(person, forum)
    await page.evaluate(FROM_KEY_TO_PICTURE)
    keys = ["i", *(key for kind in random.sample(KINDS, 40) for key in kind)]
    for key in keys:
        await page.keyboard.press(key)
        await page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
    await expect(page.locator("#inbox > article")).to_have_count(0)
    found = await page.evaluate("answers")
    middle, slowest = statistics.median(found), max(found)
    with capsys.disabled():
        print(f"\n40 messages, {len(keys)} keys; key to picture: median {middle:.0f} ms, slowest {slowest:.0f} ms")
    assert len(keys) <= 80
    assert len(found) >= 40
    assert middle <= 100


async def test_two_moderators_with_the_same_cards_for_a_minute_lose_and_double_nothing(
    served: Served, demo: Forum, person: NewPerson, capsys: pytest.CaptureFixture[str]
) -> None:
    forum = served.forum()
    desk = await at_the_desk(person, forum)
    texts = [f"{words(n)} NIK saya {NIK}{n}" if n < 15 else words(n) for n in range(10, 35)]
    await served.ask(forum, *texts)
    sent = await overheard(person, forum)
    pages = [await at_work(person, forum) for _ in range(2)]
    posts: list[Response] = []
    for page in pages:
        page.on("response", lambda answer: posts.append(answer) if answer.request.method == "POST" else None)
    await asyncio.gather(*(hammer(page, 60.0) for page in pages))
    texts += (late := [words(number) for number in range(5)])
    await served.ask(forum, *late)
    for page in pages:
        await expect(page.locator(f"#q-{len(texts)}")).to_be_attached()
    fresh = await (await at_work(person, forum)).evaluate(LISTS)
    for page in pages:
        await page.wait_for_function(f"(wanted) => ({LISTS})() === wanted", arg=fresh)
    entries = journal(served, forum)
    shown = {number for _, kind, number in entries if kind in SHOWING}
    hidden = [text for number, text in enumerate(texts, 1) if number not in shown]
    state = {question["number"]: question["status"] for question in (await desk.state())["questions"]}
    with capsys.disabled():
        accepted = sum(answer.ok for answer in posts)
        print(
            f"\ntwo moderators, a minute: {len(posts)} acts, {accepted} accepted, {len(entries)} entries; "
            f"{len(hidden)} of {len(state)} texts never shown, {len(sent())} bytes to others"
        )
    assert [seq for seq, _, _ in entries] == list(range(1, len(entries) + 1)), "no number is missing"
    assert wrong(posts, entries) == []
    assert len(late) <= len(hidden)
    assert [text for text in hidden if text[text.index("tanda") : text.index(")")] in sent()] == []
    assert NIK not in sent()


async def hammer(page: Page, seconds: float) -> None:
    """Do anything at all to the first cards, for so long."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        for key in (random.choice("iijk"), *random.choice(ACTS)):
            await page.keyboard.press(key)
        await page.wait_for_timeout(random.uniform(0, 80))
    await page.wait_for_load_state("networkidle")


async def overheard(person: NewPerson, forum: Forum) -> Callable[[], str]:
    """Every byte that a phone and the other roles get: pages and frames."""
    heard: list[str] = []

    def listen(socket: WebSocket) -> None:
        socket.on("framereceived", lambda frame: heard.append(str(frame)))

    everybody = await person()
    await everybody.hold(forum, *OTHERS)
    for path in ("", "/screen", "/scribe", "/helper", "/speaker?speaker=1"):
        page = await everybody.context.new_page()
        page.on("websocket", listen)
        await connected(await everybody.visit(f"{forum.path}{path}", page))
        heard.append(await page.content())
    return lambda: "".join(heard)


def wrong(posts: list[Response], entries: list[tuple[int, str, int | None]]) -> list[str]:
    """Acts that were accepted and left no entry, and entries that no act or more than one stands for."""
    accepted: Counter[tuple[str, int]] = Counter()
    for answer in posts:
        number, _, verb = answer.url.rpartition("/questions/")[2].partition("/")
        if answer.ok and verb in KIND_OF:
            accepted[KIND_OF[verb], int(number)] += 1
    entered = Counter((kind, number) for _, kind, number in entries if kind in KIND_OF.values() and number)
    found = [f"lost: {act}" for act in accepted if not entered[act]]
    found += [f"doubled: {act}" for act, times in entered.items() if times > accepted[act]]
    for number in {number for _, _, number in entries if number}:
        kinds = [kind for _, kind, of in entries if of == number]
        found += [f"twice: {one} of {number}" for one, two in pairwise(kinds) if one == two and one in KIND_OF.values()]
    calls = sum(answer.ok for answer in posts if answer.url.endswith("/next"))
    return found if sum(kind == "STAGED" for _, kind, _ in entries) <= calls else [*found, "doubled: next"]
