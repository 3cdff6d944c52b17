"""What may not be seen is not sent: markers in hidden words never appear in any byte for those who may not see them."""

import contextlib
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from live.rules.words import LANGUAGES
from tests.build import PATHS, Room
from tests.people import BUDI, MAYA, NINA, OKI, SARI, person
from tests.push.screen import Screen, listening
from tests.web.house import House, enter

pytestmark = pytest.mark.asyncio(loop_scope="module")

NIK, PHONE = "6471010101900001", "0812-3456-7890"
PUBLIC = ("shown", "queued", "stage", "answered", "written")
HALL = ("participant", "public", "screen", "helper", "scribe")
AUDIENCES = (*HALL, "speaker", "moderator", "organiser")
PAGES = {
    "participant": ("", "?sort=new", "?sort=answered", "/mine"),
    "screen": ("/screen",),
    "helper": ("/helper",),
    "scribe": ("/scribe",),
    "speaker": ("/speaker",),
    "moderator": ("/moderate",),
    "organiser": ("/manage",),
}


@dataclass
class Story:
    """Questions in every status, each with a marker of its own in its words."""

    numbers: dict[str, int] = field(default_factory=dict)
    second: int = 0
    merged: int = 0

    @staticmethod
    def marker(status: str) -> str:
        return f"penanda-{status}-x7q"


async def ask(forum: Room, text: str, who: Any = SARI, **more: Any) -> int:
    return int((await forum.acting.perform("ask", who, forum.code, {"text": text, **more})).body["number"])


async def walk(forum: Room, number: int, status: str, speaker: int = 1) -> None:
    for name, actor, fields in PATHS[status]:
        await forum.do(name, actor, number, **(fields | ({"speaker": speaker} if name == "queue" else {})))


async def told(forum: Room) -> Story:
    """Tell the whole story, act by act, in front of everybody who listens."""
    story = Story()
    for status in ("pending", "shown", "queued", "written", "rejected", "private", "withdrawn", "answered", "stage"):
        number = await ask(forum, f"{Story.marker(status)} dengan NIK {NIK}?", name=f"Nama {PHONE}")
        story.numbers[status] = number
        await walk(forum, number, status)
    story.second = await ask(forum, "penanda-kedua-x7q?")
    await walk(forum, story.second, "queued", speaker=2)
    # Shown for a while, then taken away: what replaces its card says nothing either.
    await forum.do("edit", SARI, story.numbers["pending"], text="penanda-pending-x7q yang diubah?")
    await forum.do("rephrase", MAYA, story.numbers["rejected"], text="penanda-rejected-x7q diubah?")
    await forum.do("rephrase", MAYA, story.numbers["shown"], text="penanda-shown-x7q tanpa keluhan?")
    original = await ask(forum, "penanda-asli-x7q yang kasar?")
    await forum.do("rephrase", MAYA, original, text="penanda-halus-x7q?")
    await forum.do("show", MAYA, original)
    await forum.do("support", BUDI, story.numbers["shown"], on=True)
    await forum.do("note", NINA, story.numbers["answered"], text="penanda-rancangan-x7q")
    await forum.do("follow-ups", OKI, problem="penanda-janji-x7q", question=[story.numbers["rejected"]])
    story.merged = await ask(forum, "penanda-gabung-x7q?")
    async with forum.database.change(forum.code) as change:  # by hand, whatever act merges
        question = await change.question(story.merged)
        assert question is not None
        question.status, question.merged_into = "merged", story.numbers["shown"]
        change.append("REJECTED", role="moderator", actor=MAYA.id, question=question)
    return story


HIDDEN = (
    "penanda-pending",
    "penanda-rejected",
    "penanda-private",
    "penanda-withdrawn",
    "penanda-asli",
    "penanda-gabung",
)
NEVER = (NIK, PHONE, NIK[:12])


async def browsers(house: House, forum: Room, stack: contextlib.AsyncExitStack) -> dict[str, httpx.AsyncClient]:
    """One browser per audience, which holds the grant of that audience and no other."""
    found = {}
    for audience in AUDIENCES:
        found[audience] = await stack.enter_async_context(house.browser())
        if audience not in ("participant", "public"):
            await enter(found[audience], forum, audience)
    return found


async def everything(forum: Room, audience: str, browser: httpx.AsyncClient, since: str) -> str:
    """Every byte that this audience can fetch, in both languages."""
    bodies = []
    base = f"/f/{forum.code}"
    addresses = [f"{base}{page}" for page in PAGES.get(audience, ())]
    addresses += [f"{base}/state?as={audience}", f"{base}/frames?as={audience}&since={since}", "/"]
    addresses += [f"{base}/archive", f"{base}/follow-up", f"{base}/archive.json", f"{base}/archive.csv"]
    for language in LANGUAGES:
        for address in addresses:
            answer = await browser.get(address + ("&" if "?" in address else "?") + f"lang={language}")
            bodies.append(answer.text + str(answer.headers))
    return "\n".join(bodies)


async def test_hidden_words_never_reach_who_may_not_see_them(house: House, forum: Room) -> None:
    since = (await forum.facts()).forum.cursor
    async with contextlib.AsyncExitStack() as stack:
        people = await browsers(house, forum, stack)
        screens: dict[tuple[str, str], Screen] = {}
        for audience in AUDIENCES:
            for language in LANGUAGES:
                query = f"?as={audience}&lang={language}"
                opened = listening(house, forum, query, people[audience])
                screens[audience, language] = await stack.enter_async_context(opened)
        for screen in screens.values():
            await screen.next()
        await told(forum)
        for screen in screens.values():
            await screen.reach(forum)
        fetched = {audience: await everything(forum, audience, people[audience], since) for audience in AUDIENCES}
        late = {}
        for audience in AUDIENCES:  # and a screen that comes back from before all of this
            async with listening(house, forum, f"?as={audience}&since={since}", people[audience]) as screen:
                await screen.reach(forum)
                late[audience] = "".join(screen.frames)
    assert all(marker in fetched["moderator"] for marker in HIDDEN), "the desk sees everything"
    assert all(marker in fetched["organiser"] for marker in HIDDEN)
    for audience in set(AUDIENCES) - {"moderator", "organiser"}:
        pushed = "".join("".join(screens[audience, language].frames) for language in LANGUAGES)
        check_hall(audience, pushed + fetched[audience] + late[audience])


def check_hall(audience: str, seen: str) -> None:
    """Of all these bytes none says what is hidden from this audience."""
    assert not [marker for marker in (*HIDDEN, *NEVER) if marker in seen], audience
    if audience in set(HALL) - {"screen"}:
        assert all(Story.marker(status) in seen for status in PUBLIC), f"{audience} sees what is public"
    # A draft is for the scribe, a promise in the making for the team.
    assert ("penanda-rancangan" in seen) == (audience == "scribe"), audience
    assert ("penanda-janji" in seen) == (audience == "scribe"), audience


async def test_the_hall_gets_no_queues_no_pseudonyms_and_no_receipts(house: House, forum: Room) -> None:
    story = await told(forum)
    facts = await forum.facts()
    secrets = {q.receipt for q in facts.questions} | {q.asker for q in facts.questions} | {BUDI.id, MAYA.id, NINA.id}
    async with contextlib.AsyncExitStack() as stack:
        people = await browsers(house, forum, stack)
        for audience in AUDIENCES:
            state = (await people[audience].get(f"/f/{forum.code}/state?as={audience}")).json()
            seen = await everything(forum, audience, people[audience], f"{facts.forum.epoch}.0")
            assert not [secret for secret in secrets if secret and secret in seen], audience
            queues = {"moderator": {"1", "2", "3"}, "organiser": {"1", "2", "3"}, "speaker": {"1"}}
            assert set(state["queues"]) == queues.get(audience, set()), audience
            if audience in HALL:
                assert {q["number"] for q in state["questions"] if q["status"] != "merged"} <= {
                    q.number for q in facts.questions if q.status in PUBLIC
                }
                merged = [q for q in state["questions"] if q["status"] == "merged"]
                assert merged == [{"number": story.merged, "status": "merged", "into": story.numbers["shown"]}]


async def test_each_speaker_gets_the_stage_and_the_own_queue_only(house: House, forum: Room) -> None:
    async with contextlib.AsyncExitStack() as stack:
        screens = {}
        for position in (1, 2, 3):
            browser = await stack.enter_async_context(house.browser())
            await enter(browser, forum, f"speaker:{position}")
            screens[position] = (
                await stack.enter_async_context(listening(house, forum, "?as=speaker", browser)),
                browser,
            )
            await screens[position][0].next()
        story = await told(forum)
        for position, (screen, browser) in screens.items():
            await screen.reach(forum)
            state = (await browser.get(f"/f/{forum.code}/state?as=speaker")).json()
            own = {1: {story.numbers["queued"]}, 2: {story.second}, 3: set()}[position]
            assert {q["number"] for q in state["questions"]} == own | {story.numbers["stage"]}
            assert state["queues"] == {str(position): sorted(own)}
            assert not [q for q in state["questions"] if q["name"]], "no identities on the speaker's screen"
            pushed = "".join(screen.frames)
            assert ("penanda-kedua" in pushed) == (position == 2), position
            assert (Story.marker("queued") in pushed) == (position == 1), position
            assert Story.marker("shown") not in pushed


async def test_a_private_line_reaches_its_speaker_and_the_desk_and_nobody_else(house: House, forum: Room) -> None:
    since = (await forum.facts()).forum.cursor
    async with contextlib.AsyncExitStack() as stack:
        people = await browsers(house, forum, stack)
        for position in (2, 3):
            browser = await stack.enter_async_context(house.browser())
            people[f"speaker:{position}"] = await enter(browser, forum, f"speaker:{position}")
        screens = {}
        for who, browser in people.items():
            audience = who.partition(":")[0]
            screens[who] = await stack.enter_async_context(listening(house, forum, f"?as={audience}", browser))
            await screens[who].next()
        for position in (1, 2, 3):
            await forum.do("message", MAYA, speaker=position, text=f"penanda-pesan-{position}-x7q")
        for who, screen in screens.items():
            await screen.reach(forum)
            seen = "".join(screen.frames) + await everything(forum, who.partition(":")[0], people[who], since)
            own = {int(who.partition(":")[2] or 1)} if who.startswith("speaker") else set()
            may = {1, 2, 3} if who in ("moderator", "organiser") else own
            # The organiser's page has no place for the lines; its state has.
            assert {n for n in (1, 2, 3) if f"penanda-pesan-{n}-x7q" in seen} == may, who


async def test_a_name_is_shown_only_when_the_asker_gave_one(house: House, forum: Room) -> None:
    named = await ask(forum, "Dengan nama?", name="Ibu Aminah")
    await ask(forum, "Tanpa nama?", person(50))
    for number in (named, named + 1):
        await forum.do("show", MAYA, number)
    async with house.browser() as browser:
        state = (await browser.get(f"/f/{forum.code}/state")).json()
    assert [q["name"] for q in state["questions"]] == ["Ibu Aminah", None]


async def test_a_card_that_is_taken_away_leaves_no_words(house: House, forum: Room) -> None:
    number = await ask(forum, "penanda-diambil-x7q?")
    await forum.do("show", MAYA, number)
    async with listening(house, forum) as screen:
        await screen.next()
        for act, fields in (("reject", {"reason": "accuse"}), ("show", {}), ("private", {}), ("show", {})):
            await forum.do(act, MAYA, number, **fields)
            await screen.reach(forum)
            gone = f'<article id="q-{number}" data-status="gone"></article>'
            assert gone in screen.frames[-1]
            assert ("penanda-diambil" in screen.frames[-1]) == (act == "show")


async def test_the_reason_of_a_rejection_is_for_its_asker_only(house: House, forum: Room) -> None:
    async with house.browser(accept="application/json") as mine, house.browser(accept="application/json") as other:
        number = (await mine.post(f"/f/{forum.code}/questions", json={"text": "Kenapa?"})).json()["number"]
        async with listening(house, forum, "", other) as screen:
            await screen.next()
            await forum.do("reject", MAYA, number, reason="accuse")
            await screen.reach(forum)
        assert (await mine.get(f"/f/{forum.code}/mine")).json()["questions"][0]["reason"] == "accuse"
        assert (await other.get(f"/f/{forum.code}/mine")).json()["questions"] == []
        assert "accuse" not in (await other.get(f"/f/{forum.code}/state")).text
    assert "accuse" not in "".join(screen.frames)
