"""The moderator of one forum, who acts over plain HTTP while others look at their screens."""

from dataclasses import dataclass
from typing import Any

from tests.browser.conftest import NewPerson
from tests.browser.person import Person
from tests.browser.served import Forum


@dataclass(frozen=True, slots=True)
class Desk:
    """Somebody with the moderator's link."""

    person: Person
    forum: Forum

    async def act(self, path: str, **fields: Any) -> dict[str, Any]:
        """Do an act; it is allowed."""
        address = f"{self.person.address}{self.forum.path}/{path}"
        answer = await self.person.context.request.post(address, form=fields, headers={"accept": "application/json"})
        assert answer.ok, await answer.text()
        return dict(await answer.json())

    async def state(self) -> dict[str, Any]:
        """What the desk sees."""
        address = f"{self.person.address}{self.forum.path}/state?as=moderator"
        return dict(await (await self.person.context.request.get(address)).json())

    async def queued(self, *texts: str, speaker: int = 1) -> None:
        """Questions with these words wait for this speaker."""
        for text in texts:
            number = (await self.act("questions", text=text))["number"]
            await self.act(f"questions/{number}/queue", speaker=speaker)


async def at_the_desk(person: NewPerson, forum: Forum) -> Desk:
    """A browser of its own with the moderator's grant."""
    somebody = await person()
    await somebody.enter(forum, "moderator")
    return Desk(somebody, forum)
