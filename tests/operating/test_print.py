"""The printed pack: made from the links that were told once, in both languages, with texts that are only text."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from live.catalogue import catalogue
from live.cli import main
from live.documents import venue
from live.settings import Settings
from tests.build import PLAN
from tests.web.house import serving


@pytest.mark.parametrize("language", ["id", "en"])
async def test_the_pack_holds_posters_cards_slips_show_and_emergency(tmp_path: Path, language: str) -> None:
    settings = Settings(database_url=f"sqlite:///{tmp_path / 'jaring.db'}", limits="open")
    async with serving(settings) as house:
        room = await house.room(replace(PLAN, language=language, title='#panic("x") <b>*Forum*</b> $x$'))
        facts = await room.facts()
    told = json.loads(venue.described(facts, room.links, 5))
    assert [role["address"] for role in told["roles"]].count(room.links["moderator"]) == 1
    assert len(told["roles"]) == len(venue.ROLES) + 3
    assert told["slips"] == [5, 6, 7, 8]
    assert told["words"]["poster"] == catalogue(language)("print.poster")
    made = venue.write(facts, room.links, 5)
    assert made.startswith(b"%PDF-")
    assert made.count(b"/Type /Page\n") + made.count(b"/Type/Page/") >= 6 or len(made) > 20_000
    assert venue.write(facts, room.links, 5) == made, "the same pack is the same file"


def test_what_is_no_list_of_links_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "links.json").write_text('{"code": 5}')
    done = CliRunner().invoke(main, ["print", str(tmp_path / "links.json")])
    assert done.exit_code == 2
    assert "forum create --json" in done.output
