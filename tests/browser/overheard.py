"""The wire audit of the desk: everybody who is not at it listens to what reaches them meanwhile."""

import asyncio
import contextlib
import html
import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import dataclass, field

import httpx
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from tests.browser.served import Forum, Served

ROLES = ("screen", "scribe", "helper", "speaker:1")
SHOWING = frozenset({"SHOWN", "QUEUED"})
"""Entries after which everybody may have seen a question, whatever became of it later."""
AUDIENCES = ("participant", "screen", "scribe", "helper", "speaker")


@dataclass
class Overheard:
    """Every byte that a phone and the other roles get: frames while it happens, pages and states at the end."""

    served: Served
    forum: Forum
    browser: httpx.AsyncClient
    heard: list[str] = field(default_factory=list)

    async def listen(self, audience: str) -> None:
        """One screen of this audience, until cancelled."""
        origin = self.served.address
        feed = f"{origin.replace('http:', 'ws:')}{self.forum.path}/feed?as={audience}"
        cookies = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.browser.cookies.items())}
        async with connect(feed, origin=origin, additional_headers=cookies, proxy=None) as socket:  # type: ignore[arg-type]
            with contextlib.suppress(ConnectionClosed):
                async for frame in socket:
                    self.heard.append(str(frame))

    async def hidden(self, desk: httpx.AsyncClient) -> list[str]:
        """What was never to be seen (never shown, or masked) and is among the bytes nevertheless."""
        for audience in AUDIENCES:
            page = "" if audience == "participant" else f"/{audience}"
            for path in (page, f"/state?as={audience}"):
                self.heard.append((await self.browser.get(f"{self.forum.path}{path}")).text)
        questions = (await desk.get(f"{self.forum.path}/state?as=moderator")).json()["questions"]
        shown = {number for _, kind, number in journal(self.served, self.forum) if kind in SHOWING}
        public = " ".join(question["text"] or "" for question in questions if question["number"] in shown)
        secret = [question["text"] for question in questions if question["number"] not in shown]
        secret += [question["original"] for question in questions]
        sent = "".join(self.heard)
        seen = [question["text"] for question in questions if question["status"] in ("shown", "queued")]
        assert [words for words in seen if not _is_in(words, sent)] == [], "what is to be seen was heard"
        return [words for words in secret if words and words not in public and _is_in(words, sent)]


def journal(served: Served, forum: Forum) -> list[tuple[int, str, int | None]]:
    """Number, kind and question of every entry."""
    query = "SELECT entry.seq, kind, question FROM entry JOIN forum ON forum.id = forum_id WHERE code = ? ORDER BY 1"
    with closing(sqlite3.connect(served.database_url.removeprefix("sqlite:///"))) as database:
        return list(database.execute(query, (forum.code,)))


def _is_in(words: str, sent: str) -> bool:
    return any(form in sent for form in (words, html.escape(words), json.dumps(words)[1:-1]))


@contextlib.asynccontextmanager
async def overheard(served: Served, forum: Forum) -> AsyncIterator[None]:
    """Fails at the end of the block when anything hidden at the desk reached anybody else."""
    options = {"base_url": served.address, "timeout": 30, "headers": {"origin": served.address}}
    async with httpx.AsyncClient(**options) as browser, httpx.AsyncClient(**options) as desk:
        await browser.get(forum.path)
        for client, roles in ((browser, ROLES), (desk, ("moderator",))):
            for role in roles:
                token = forum.link(role).partition("#")[2]
                answer = await client.post("/enter", data={"token": token}, headers={"accept": "application/json"})
                answer.raise_for_status()
        everybody = Overheard(served, forum, browser)
        screens = [asyncio.create_task(everybody.listen(audience)) for audience in AUDIENCES]
        try:
            yield
            assert await everybody.hidden(desk) == []
        finally:
            for screen in screens:
                screen.cancel()
            ended = await asyncio.gather(*screens, return_exceptions=True)
        assert [end for end in ended if isinstance(end, Exception)] == []
