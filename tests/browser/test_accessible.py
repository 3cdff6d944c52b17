"""WCAG 2.2 AA as far as a program can tell: every page, full and empty, at three sizes, light and dark."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from itertools import product

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page

from live.places import ROOT
from tests.browser.conftest import NewPerson, people
from tests.browser.person import Person, connected
from tests.browser.served import LAST_YEAR, Forum, Served

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

AXE = (ROOT / "tests/vendor/axe.min.js").read_text("utf-8")
RULES = ("wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice")
PHONE, LAPTOP, PROJECTOR = (360, 740), (1366, 768), (1920, 1080)

TEAM = ("moderator", "scribe", "helper", "screen", "organiser", "speaker:1", "speaker:2")
DESKS = (
    "/moderate",
    "/closing",
    "/scribe",
    "/speaker?speaker=1",
    "/screen",
    "/helper",
    "/manage",
    "/team",
    "/plan",
    "/trail",
    "/owners",
)
VIEWS = ("join", "list", "stage", "rules", "agreements", "closing", "blank")
PARTICIPANT = ("", "?sort=answered", "/mine")
RECORD = ("/archive", "/archive?find=akta", "/follow-up", "/follow-up?status=todo")
OUTSIDE = ("/", "/?code=111111", "/enter", "/nowhere", "/f/111111", "/organiser/first")
ORGANISER = ("/organiser", "/organiser/new", "/organiser/second-factor")
REHEARSED = ("", "/moderate", "/screen", "/manage")
CLOSED = ("/moderate", "/screen", "/scribe", "/helper", "/archive", "/trail")
AGENCY = "Dinas Kependudukan dan Pencatatan Sipil Kota Balikpapan"
PASSWORD = "mangga pelikan lonceng 47"

SEARCH = """
async ({ rules, within }) => (await axe.run(within || document, {
  resultTypes: ['violations'], preload: false, runOnly: { type: 'tag', values: rules },
})).violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join()}`)
"""
MEASURE = """
(tap) => {
  const found = [];
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) found.push(`scrolls sideways: ${root.scrollWidth} > ${root.clientWidth}`);
  const controls = 'button, .button, input:not([type=hidden]), select, textarea, summary';
  for (const control of document.querySelectorAll(controls)) {
    const tapped = control.matches('[type=checkbox], [type=radio]') && control.closest('label') || control;
    const { width, height } = tapped.getBoundingClientRect();
    if (!width || !control.checkVisibility()) continue;
    const least = control.matches('button, .button, input, select') ? tap : 24;
    if (width >= 24 && height >= least - 0.5) continue;
    found.push(`${Math.round(width)} x ${Math.round(height)} is too small: ${control.outerHTML.slice(0, 120)}`);
  }
  return found;
}
"""
FOLD = "(open) => document.querySelectorAll('details:not(.sheet)').forEach((details) => { details.open = open; })"

Look = tuple[tuple[int, int], str, bool]
"""A size, a colour scheme, and whether everything that folds is open."""

EVERY: tuple[Look, ...] = tuple(product((PHONE, LAPTOP, PROJECTOR), ("light", "dark"), (False, True)))
QUICK: frozenset[Look] = frozenset({(PHONE, "light", False), (LAPTOP, "dark", True)})
"""What is searched each time; the rest is measured, and searched in the long tests."""

THOROUGH = pytest.mark.parametrize(
    "searched", [QUICK, pytest.param(frozenset(EVERY), marks=pytest.mark.long)], ids=["quick", "every"]
)
BOTH = pytest.mark.parametrize("fullness", ["full", "empty"])
ALL = pytest.mark.parametrize("fullness", ["full", "empty", "published"])


@dataclass(frozen=True, slots=True)
class Team:
    """One browser with every role of both forums and a question of its own in the full one."""

    person: Person
    forums: dict[str, Forum]
    receipt: str

    async def open(self, path: str) -> Page:
        """The page at this path, settled, with axe in it."""
        page = await self.person.visit(path)
        if await page.locator("body[data-live]").count():
            await connected(page)
        await page.evaluate(AXE)
        return page


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def team(chromium: Browser, served: Served, demo: Forum) -> AsyncIterator[Team]:
    forums = {"full": demo, "empty": served.forum()}
    async with people(chromium, served) as new:
        person = await new()
        person.foresee("404")
        for forum in forums.values():
            await person.hold(forum, *TEAM)
        request = person.context.request
        asked = await request.post(
            f"{served.address}{demo.path}/questions",
            form={"text": "Apakah loket dapat dijangkau kursi roda?"},
            headers={"accept": "application/json"},
        )
        published = await (await person.visit("/")).get_by_role("link", name=LAST_YEAR).get_attribute("href")
        forums["published"] = Forum(str(published).split("/")[2], {})
        fields = {"token": served.invitation(AGENCY), "name": "", "password": PASSWORD, "again": PASSWORD}
        signed_in = await request.post(f"{served.address}/organiser/first", form=fields)
        assert signed_in.ok, await signed_in.text()
        forums["planned"] = served.forum(phase="draft", agency=AGENCY)
        address = f"{served.address}{forums['planned'].path}/rehearsal"
        made = json.loads(await (await request.post(address, headers={"accept": "application/json"})).text())
        forums["rehearsal"] = Forum(made["code"], made["links"])
        await person.hold(forums["rehearsal"], *TEAM)
        yield Team(person, forums, json.loads(await asked.text())["receipt"])


async def faults(page: Page, searched: frozenset[Look], tap: int) -> list[str]:
    """What is wrong with a page; in every look it is measured, in those of ``searched`` every rule is tried."""
    found = []
    for look in EVERY:
        (width, height), scheme, is_open = look
        await page.set_viewport_size({"width": width, "height": height})
        await page.emulate_media(color_scheme=scheme)
        await page.evaluate(FOLD, is_open)
        lines = await page.evaluate(MEASURE, tap)
        if look in searched:
            lines += await page.evaluate(SEARCH, {"rules": RULES, "within": None})
        found += [f"{width}x{height} {scheme}, {'open' if is_open else 'folded'}: {line}" for line in lines]
    return found


async def check(team: Team, path: str, searched: frozenset[Look], tap: int = 24) -> None:
    """Nothing is wrong with this page."""
    page = await team.open(path)
    found = await faults(page, searched, tap)
    await page.close()
    assert not found, "\n".join(found)


@ALL
@THOROUGH
@pytest.mark.parametrize("name", PARTICIPANT)
async def test_a_participant_meets_no_barrier(team: Team, name: str, searched: frozenset[Look], fullness: str) -> None:
    await check(team, f"{team.forums[fullness].path}{name}", searched, tap=48)


@BOTH
@THOROUGH
@pytest.mark.parametrize("name", DESKS)
async def test_the_team_meets_no_barrier(team: Team, name: str, searched: frozenset[Look], fullness: str) -> None:
    await check(team, f"{team.forums[fullness].path}{name}", searched)


@THOROUGH
@pytest.mark.parametrize("path", ORGANISER)
async def test_the_organiser_meets_no_barrier(team: Team, path: str, searched: frozenset[Look]) -> None:
    await check(team, path, searched)


@THOROUGH
@pytest.mark.parametrize("name", REHEARSED)
async def test_a_rehearsal_has_no_barrier(team: Team, name: str, searched: frozenset[Look]) -> None:
    await check(team, f"{team.forums['rehearsal'].path}{name}", searched)


@THOROUGH
async def test_making_a_rehearsal_has_no_barrier(team: Team, searched: frozenset[Look]) -> None:
    await check(team, f"{team.forums['planned'].path}/rehearsal", searched)


@ALL
@THOROUGH
@pytest.mark.parametrize("name", RECORD)
async def test_who_reads_the_record_meets_no_barrier(
    team: Team, name: str, searched: frozenset[Look], fullness: str
) -> None:
    await check(team, f"{team.forums[fullness].path}{name}", searched)


@THOROUGH
@pytest.mark.parametrize("path", ["/organiser", *(f"CODE{name}" for name in CLOSED)])
async def test_a_closed_door_has_no_barrier(
    team: Team, person: NewPerson, path: str, searched: frozenset[Look]
) -> None:
    stranger = await person()
    stranger.foresee("40[34]")
    await check(replace(team, person=stranger), path.replace("CODE", team.forums["full"].path), searched)


async def test_what_opens_over_the_desk_has_no_barrier(team: Team) -> None:
    page = await team.open(f"{team.forums['full'].path}/moderate")
    await page.get_by_text("Acara dan pesan").click()
    assert await page.evaluate(SEARCH, {"rules": RULES, "within": ".sheet"}) == []
    await page.close()


@THOROUGH
@pytest.mark.parametrize("path", OUTSIDE)
async def test_the_way_in_has_no_barrier(team: Team, path: str, searched: frozenset[Look]) -> None:
    await check(team, path, searched, tap=48)


@THOROUGH
async def test_a_question_found_by_its_receipt_has_no_barrier(team: Team, searched: frozenset[Look]) -> None:
    await check(team, f"/r/{team.receipt}", searched, tap=48)


@BOTH
async def test_no_view_of_the_projector_has_a_barrier(team: Team, fullness: str) -> None:
    forum = team.forums[fullness]
    page = await team.open(f"{forum.path}/screen")
    found = []
    for view in VIEWS:
        address = f"{team.person.address}{forum.path}/show-on-screen"
        await team.person.context.request.post(address, form={"view": view})
        await page.locator(f"main[data-view={view}]").wait_for(state="attached")
        found += [f"{view}: {line}" for line in await faults(page, frozenset({(PROJECTOR, "light", False)}), 24)]
    await page.close()
    assert not found, "\n".join(found)
