"""What every handler works with, built once in ``create_app`` and passed by Litestar's dependency injection."""

from dataclasses import dataclass, field
from typing import Any

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.di import NamedDependency

from live.actions.organising import Doorkeeper
from live.actions.perform import Acting
from live.catalogue import best_language
from live.metrics import Metrics
from live.push.hub import Hub
from live.render import Renderer
from live.rules.actor import Actor
from live.rules.audience import Viewer
from live.rules.facts import ForumFacts
from live.rules.refusal import Refusal, of_field
from live.rules.words import Audience, Role
from live.settings import Settings
from live.store import links, rehearsals, snapshot
from live.store.backup import Copies
from live.store.database import Database
from live.web.kept import Kept
from live.web.static import StaticFiles
from live.web.visitor import Cookies, Visitor

LANGUAGE_COOKIE = "jaring_lang"
AnyRequest = Request[Any, Any, Any]

MAY_LOOK = {
    Audience.PARTICIPANT: frozenset({Role.PARTICIPANT}),
    Audience.PUBLIC: frozenset({Role.PARTICIPANT}),
    Audience.SCREEN: frozenset({Role.SCREEN, Role.MODERATOR}),
    Audience.MODERATOR: frozenset({Role.MODERATOR}),
    Audience.ORGANISER: frozenset({Role.ORGANISER}),
    Audience.SCRIBE: frozenset({Role.SCRIBE, Role.MODERATOR}),
    Audience.SPEAKER: frozenset({Role.SPEAKER, Role.MODERATOR}),
    Audience.HELPER: frozenset({Role.HELPER, Role.MODERATOR}),
}
"""Audience → the roles that may look as it. A moderator sees everything anyway, so may look as any of the team."""


def needs_no_grant(viewer: Viewer) -> bool:
    """Whether everybody may look as this viewer."""
    return MAY_LOOK[viewer.audience] == {Role.PARTICIPANT}


@dataclass(frozen=True, slots=True)
class Hall:
    """The parts of one running server."""

    settings: Settings
    database: Database
    acting: Acting
    hub: Hub
    renderer: Renderer
    cookies: Cookies
    static: StaticFiles
    door: Doorkeeper = field(default_factory=Doorkeeper)
    pages: Kept = field(default_factory=Kept)
    places: dict[str, ForumFacts] = field(default_factory=dict)
    copies: Copies | None = None
    metrics: Metrics = field(default_factory=Metrics)

    async def forum(self, code: str) -> ForumFacts:
        """The forum with this code; refuses with 404."""
        forum = await self.database.read(lambda session: snapshot.forum_by_code(session, code))
        if forum is None:
            is_over = await self.database.read(lambda session: rehearsals.was_one(session, code))
            raise Refusal("rehearsal_over" if is_over else "no_such_forum", "existence")
        self.places[code] = forum
        return forum

    async def place(self, code: str) -> ForumFacts:
        """The same for who needs its id and language only, which never change; all else in it may be old."""
        return self.places.get(code) or await self.forum(code)

    async def actor(self, visitor: Visitor, forum_id: int) -> Actor:
        """The visitor with the grants it holds in this forum; no query for somebody without a session."""
        if visitor.session is None:
            return Actor(visitor.participant, address=visitor.address)
        secret, now = visitor.session, self.database.clock()
        held = await self.database.read(lambda session: links.grants(session, secret, forum_id, now))
        return Actor(visitor.participant, held, visitor.address)

    async def organised(self, connection: ASGIConnection, code: str) -> ForumFacts:  # type: ignore[type-arg]
        """The forum with this code, for its organiser; refuses everybody else with 403."""
        forum = await self.forum(code)
        actor = await self.actor(visitor_of(connection), forum.id)
        if Role.ORGANISER not in actor.roles:
            raise Refusal("not_allowed", "role")
        return forum

    async def viewer(self, connection: ASGIConnection, forum: ForumFacts, wanted: str | None = None) -> Viewer:  # type: ignore[type-arg]
        """The viewer that ``as=`` (or ``wanted``) names; refuses who holds no grant for it."""
        asked = wanted or connection.query_params.get("as") or Audience.PARTICIPANT
        if asked not in set(Audience):
            raise of_field("as")
        audience = Audience(asked)
        language = language_of(connection, forum.language)
        anybody = Viewer(audience, language)
        if needs_no_grant(anybody):
            return anybody
        actor = await self.actor(visitor_of(connection), forum.id)
        if not MAY_LOOK[audience] & actor.roles:
            raise Refusal("not_allowed", "role")
        if audience is not Audience.SPEAKER:
            return anybody
        speaker = _speaker(connection, actor)
        facts = await self.hub.present.facts(forum.id)
        if speaker not in {known.position for known in facts.speakers}:
            raise Refusal("no_such_speaker", "fields", extra={"field": "speaker"})
        return Viewer(audience, language, speaker)


GivenHall = NamedDependency[Hall]
"""A handler's parameter ``hall``, filled in by Litestar."""


def visitor_of(connection: ASGIConnection) -> Visitor:  # type: ignore[type-arg]
    """The visitor the middleware found."""
    visitor: Visitor = connection.scope["visitor"]  # type: ignore[typeddict-item]
    return visitor


def language_of(connection: ASGIConnection, forum: str | None = None) -> str:  # type: ignore[type-arg]
    """The language of this request: ``lang=``, the remembered one, the forum's."""
    return best_language(connection.query_params.get("lang"), connection.cookies.get(LANGUAGE_COOKIE), forum)


def _speaker(connection: ASGIConnection, actor: Actor) -> int:  # type: ignore[type-arg]
    """Whose queue: the grant's own speaker; moderators name one."""
    asked = connection.query_params.get("speaker", "")
    own = sorted(actor.positions)
    if asked.isascii() and asked.isdigit() and len(asked) < 4 and (Role.MODERATOR in actor.roles or int(asked) in own):
        return int(asked)
    if asked:
        raise Refusal("not_allowed", "role")
    if own:
        return own[0]
    return 1
