"""WCAG 2.2 AA as far as a program can tell: every page, full and empty, at three sizes, light and dark."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from itertools import product
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page

from live.places import ROOT
from tests.browser.conftest import people
from tests.browser.person import Person, connected
from tests.browser.served import Forum, Served

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

AXE = (ROOT / "tests/vendor/axe.min.js").read_text("utf-8")
RULES = ("wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice")
PHONE, LAPTOP, PROJECTOR = (360, 740), (1366, 768), (1920, 1080)
SCHEMES = ("light", "dark")

TEAM = ("moderator", "scribe", "helper", "screen", "organiser", "speaker:1", "speaker:2")
ROLE_PAGES = ("moderate", "scribe", "speaker?speaker=1", "screen", "helper", "manage")
VIEWS = ("join", "list", "stage", "rules", "agreements", "closing", "blank")
PARTICIPANT = ("", "?sort=new", "?sort=answered", "mine")
RECORD = ("archive", "archive?find=akta", "follow-up", "follow-up?status=todo")
OUTSIDE = ("/", "/?code=111111", "/enter", "/nowhere", "/f/111111")

LOOK = """
async ({ rules, tap }) => {
  const axes = await axe.run(document, {
    resultTypes: ['violations'], preload: false, runOnly: { type: 'tag', values: rules },
  });
  const found = axes.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join()}`);
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) found.push(`scrolls sideways: ${root.scrollWidth} > ${root.clientWidth}`);
  const controls = 'button, .button, input:not([type=hidden]), select, textarea, summary';
  for (const control of document.querySelectorAll(controls)) {
    const { width, height } = control.getBoundingClientRect();
    if (!width || !control.checkVisibility()) continue;
    const least = control.matches('button, .button, input, select') ? tap : 24;
    if (width >= 24 && height >= least - 0.5) continue;
    found.push(`${Math.round(width)} x ${Math.round(height)} is too small: ${control.outerHTML.slice(0, 120)}`);
  }
  return found;
}
"""
UNFOLD = "document.querySelectorAll('details').forEach((details) => { details.open = true; })"


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
        yield Team(person, forums, json.loads(await asked.text())["receipt"])


async def faults(page: Page, sizes: Any, schemes: Any, *, tap: int = 24) -> list[str]:
    """What is wrong with a page at these sizes and in these schemes; folded, and in the dark unfolded."""
    found = []
    for (width, height), scheme in product(sizes, schemes):
        await page.set_viewport_size({"width": width, "height": height})
        await page.emulate_media(color_scheme=scheme)
        lines = await page.evaluate(LOOK, {"rules": RULES, "tap": tap})
        found += [f"{width}x{height} {scheme}: {line}" for line in lines]
    return found


async def check(team: Team, path: str, *, tap: int = 24) -> None:
    """Nothing is wrong with this page, folded and unfolded, in every size and scheme."""
    page = await team.open(path)
    found = await faults(page, (PHONE, LAPTOP, PROJECTOR), SCHEMES, tap=tap)
    await page.evaluate(UNFOLD)
    found += await faults(page, (PHONE, LAPTOP), SCHEMES, tap=tap)
    await page.close()
    assert not found, "\n".join(found)


@pytest.mark.parametrize("fullness", ["full", "empty"])
@pytest.mark.parametrize("name", PARTICIPANT)
async def test_a_participant_meets_no_barrier(team: Team, name: str, fullness: str) -> None:
    await check(team, f"{team.forums[fullness].path}/{name}".replace("/?", "?").rstrip("/"), tap=48)


@pytest.mark.parametrize("fullness", ["full", "empty"])
@pytest.mark.parametrize("name", [*ROLE_PAGES, *RECORD])
async def test_the_team_and_the_readers_of_the_record_meet_no_barrier(team: Team, name: str, fullness: str) -> None:
    await check(team, f"{team.forums[fullness].path}/{name}")


@pytest.mark.parametrize("path", OUTSIDE)
async def test_the_way_in_has_no_barrier(team: Team, path: str) -> None:
    await check(team, path, tap=48)


async def test_a_question_found_by_its_receipt_has_no_barrier(team: Team) -> None:
    await check(team, f"/r/{team.receipt}", tap=48)


@pytest.mark.parametrize("fullness", ["full", "empty"])
async def test_no_view_of_the_projector_has_a_barrier(team: Team, fullness: str) -> None:
    forum = team.forums[fullness]
    page = await team.open(f"{forum.path}/screen")
    found = []
    for view in VIEWS:
        address = f"{team.person.address}{forum.path}/show-on-screen"
        await team.person.context.request.post(address, form={"view": view})
        await page.locator(f"main[data-view={view}]").wait_for()
        found += await faults(page, (PHONE, LAPTOP, PROJECTOR), ("light",))
    await page.close()
    assert not found, "\n".join(found)
