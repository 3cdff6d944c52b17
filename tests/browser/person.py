"""A person at a browser: cookies of their own, any number of pages, and a record of everything that went wrong."""

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import BrowserContext, ConsoleMessage, Locator, Page, WebError, expect

from tests.browser.served import LAN_NAME, Forum

DEADLINE = 20_000
"""Milliseconds that a page has for anything; long, as the machine may be busy."""

expect.set_options(timeout=DEADLINE)

PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
"""The context of a cheap phone."""

OURS = frozenset({"127.0.0.1", LAN_NAME})


@dataclass
class Person:
    """``troubles`` has one line for each error on a console, exception, breach of the policy and foreign request."""

    context: BrowserContext
    address: str
    troubles: list[str] = field(default_factory=list)
    foreseen: list[str] = field(default_factory=list)

    def watch(self) -> None:
        """Begin to write down troubles."""
        self.context.set_default_timeout(DEADLINE)
        self.context.on("console", self._console)
        self.context.on("weberror", self._exception)
        self.context.on("request", lambda request: self._sent(request.url))
        self.context.on("page", lambda page: page.on("websocket", lambda socket: self._sent(socket.url)))

    def foresee(self, pattern: str) -> None:
        """Errors of this kind belong to what is being tested."""
        self.foreseen.append(pattern)

    @property
    def unforeseen(self) -> list[str]:
        """The troubles nobody asked for."""
        return [line for line in self.troubles if not any(re.search(pattern, line) for pattern in self.foreseen)]

    async def visit(self, path: str, page: Page | None = None) -> Page:
        """A page of this server."""
        shown = page or await self.context.new_page()
        await shown.goto(self.address + path)
        return shown

    async def enter(self, forum: Forum, role: str, page: Page | None = None) -> Page:
        """The page behind a role's link, as somebody who taps the link gets it."""
        shown = page or await self.context.new_page()
        await shown.goto(forum.link(role))
        await expect(shown).to_have_url(re.compile(re.escape(forum.path)))
        return shown

    async def hold(self, forum: Forum, *roles: str) -> None:
        """Redeem the links of these roles without a page."""
        for role in roles:
            token = forum.link(role).partition("#")[2]
            answer = await self.context.request.post(f"{self.address}/enter", form={"token": token})
            assert answer.ok, await answer.text()

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.troubles.append(f"console: {message.text} ({message.location['url']})")

    def _exception(self, error: WebError) -> None:
        self.troubles.append(f"exception: {error.error}")

    def _sent(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("data", "blob") and parts.hostname not in OURS:
            self.troubles.append(f"foreign request: {url}")


async def connected(page: Page) -> Page:
    """Wait until the page's socket is open; from then on what happens reaches it."""
    await expect(page.locator("html")).to_have_attribute("data-live", "online")
    return page


def card(place: Page | Locator, words: str) -> Locator:
    """The ticket with these words."""
    return place.get_by_role("article").filter(has_text=words)


def region(page: Page, name: str) -> Locator:
    """The part of a page with this heading."""
    return page.get_by_role("region", name=name)


async def arrived(phone: Page, words: str) -> Locator:
    """A question that has come to a phone; where others stand already it waits for a tap, so that nothing moves."""
    slip = phone.get_by_role("article", include_hidden=True).filter(has_text=words)
    await expect(slip).to_be_attached()
    if not await slip.is_visible():
        await phone.get_by_role("link", name="pertanyaan baru").click()
    await expect(slip).to_be_visible()
    return slip
