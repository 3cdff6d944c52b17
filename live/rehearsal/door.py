"""How simulated phones come in at the forum's level of integrity: with what the team gives to people in the hall."""

import asyncio
import secrets

from live.rehearsal.address import CannotGoOn
from live.rehearsal.session import Session

MOST_CARDS = 2000
"""So many codes are asked for at once."""


class Door:
    """Lets phones in. ``team`` is the moderator's or the organiser's browser, if there is one."""

    def __init__(self, level: str, team: Session | None, code: str) -> None:
        self._level, self._team, self._path = level, team, f"/f/{code}"
        self._codes: list[str] = []

    async def prepare(self, phones: int) -> None:
        """Have a card printed for every phone, where cards are used. Raises CannotGoOn."""
        if self._level == "open":
            return
        if self._team is None:
            raise CannotGoOn(f"The forum's level is {self._level}: a rehearsal needs a link of its team.")
        while self._level == "strict" and len(self._codes) < phones:
            count = min(MOST_CARDS, phones - len(self._codes))
            fields = {"count": str(count), "key": secrets.token_urlsafe(16)}
            made = await self._team.post_once(f"{self._path}/seats", fields)
            if made.status_code == 403:
                raise CannotGoOn("The forum's level is strict: a rehearsal needs the organiser's link, to make cards.")
            self._codes += made.raise_for_status().json()["codes"]

    async def let_in(self, phone: Session) -> None:
        """Type the number on the projector, or the code of a card; in a crowd wait as long as the server asks."""
        if self._level == "open":
            return
        fields = {"code": self._codes.pop() if self._level == "strict" else await self._number()}
        while (answer := await phone.post_once(f"{self._path}/seat", fields)).status_code == 429:
            told = answer.json()
            fields |= {"ticket": told["ticket"]} if "ticket" in told else {}
            await asyncio.sleep(float(told["wait"]))
        answer.raise_for_status()

    async def _number(self) -> str:
        if self._team is None:
            raise AssertionError("prepare() refuses without the team")
        return str((await self._team.get(f"{self._path}/number")).raise_for_status().json()["number"])
