"""The command line's part about forums and those who set them up: create, list, link, rehearse, invite."""

from pathlib import Path

import click

from live.actions import creating, organising, rehearsing
from live.catalogue import catalogue
from live.rules.forum_file import BadForumFile
from live.rules.forum_file import read as read_plan
from live.rules.refusal import Refusal
from live.rules.words import Role
from live.serving import print_forum
from live.settings import Settings
from live.store import organisers, snapshot
from live.store.database import Database
from live.terminal import fail, put, settings, with_database
from live.web.rehearsing import named


@click.group()
def forum() -> None:
    """Create, list and link forums."""


@forum.command("create")
@click.option("--file", "path", required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True)
def forum_create(path: Path, as_json: bool) -> None:
    """Create a forum from a TOML or JSON file; prints its code and every role's link, once."""
    form = path.suffix.lower().lstrip(".")
    if form not in ("toml", "json"):
        fail(f"{path.name}: must end in .toml or .json")
    try:
        plan = read_plan(path.read_text(encoding="utf-8"), form)  # type: ignore[arg-type]
    except BadForumFile as error:
        fail(f"{path.name}: {error}")
    except UnicodeDecodeError:
        fail(f"{path.name}: file: not UTF-8 text")
    found = settings()
    try:
        made = with_database(found, lambda database: creating.create(database, plan, found.public))
    except BadForumFile as error:
        fail(f"{path.name}: {error}")
    put(made) if as_json else print_forum(plan.title, made)


@forum.command("list")
@click.option("--json", "as_json", is_flag=True)
def forum_list(as_json: bool) -> None:
    """All forums, the latest first."""

    async def read_all(database: Database) -> list[dict[str, object]]:
        async with database.reading() as session:
            return await snapshot.every_forum(session)

    forums = with_database(settings(), read_all)
    if as_json:
        put(forums)
    for row in () if as_json else forums:
        mark = f"  (erased {row['erase_at']})" if row["erase_at"] else ""
        click.echo(f"{row['code']}  {row['phase']:<10} {row['starts'][:10]}  {row['title']}{mark}")  # type: ignore[index]


@forum.command("rehearsal")
@click.argument("code")
@click.option("--json", "as_json", is_flag=True)
def forum_rehearsal(code: str, as_json: bool) -> None:
    """Copy a forum to rehearse with; it is erased by itself before the real one begins. Prints its code and links."""
    found = settings()
    try:
        made = with_database(found, lambda database: rehearsing.create(database, code, named, found.public))
    except Refusal as refused:
        fail(f"{code}: {catalogue('en')(f'refusal.{refused.reason}')}")
    put(made) if as_json else print_forum(f"{made['title']} (erased {made['erase_at']})", made)


@forum.command("links")
@click.argument("code")
@click.option("--renew", type=click.Choice([r.value for r in (*creating.SINGLE_ROLES, Role.SPEAKER)]))
@click.option("--json", "as_json", is_flag=True)
def forum_links(code: str, renew: str | None, as_json: bool) -> None:
    """The links of a forum. Role links are kept only as hashes, so a lost one is renewed (the old one ends)."""
    found = settings()
    if renew is None:
        made: dict[str, object] | None = with_database(found, lambda database: _participant_link(database, code, found))
    else:
        role = Role(renew)
        made = with_database(found, lambda database: creating.renew(database, code, role, found.public))
    if made is None:
        fail(f"{code}: no forum with this code; see: jaring forum list")
    put({"code": code, "links": made}) if as_json else print_forum(code, {"code": code, "links": made})


async def _participant_link(database: Database, code: str, found: Settings) -> dict[str, object] | None:
    async with database.reading() as session:
        known = await snapshot.forum_by_code(session, code)
    return None if known is None else {"participant": f"{found.public}/f/{code}"}


@click.group()
def organiser() -> None:
    """Invite and list those who set up and run forums."""


@organiser.command("add")
@click.argument("name")
@click.option("--agency", required=True, help="As in the forums' files; all forums of this agency can be run.")
@click.option("--json", "as_json", is_flag=True)
def organiser_add(name: str, agency: str, as_json: bool) -> None:
    """Invite an organiser (or set a new password for one): prints an address that works once, for a day."""
    found = settings()
    secret = with_database(found, lambda database: organising.invite(database, name, agency))
    address = organising.invitation(found.public, secret)
    put({"name": name, "agency": agency, "invitation": address}) if as_json else click.echo(address)


@organiser.command("list")
@click.option("--json", "as_json", is_flag=True)
def organiser_list(as_json: bool) -> None:
    """All organisers with their agencies."""

    async def read_all(database: Database) -> list[dict[str, str]]:
        async with database.reading() as session:
            return [{"name": o.name, "agency": o.agency} for o in await organisers.everybody(session)]

    everybody = with_database(settings(), read_all)
    if as_json:
        put(everybody)
    for one in () if as_json else everybody:
        click.echo(f"{one['name']:<20} {one['agency']}")
