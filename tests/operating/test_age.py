"""Who runs the day is told how old the newest copy is."""

from pathlib import Path

import pytest

from live.settings import Settings
from tests.web.house import enter, serving


async def test_the_age_of_the_newest_copy_is_told_to_the_organiser_and_to_the_watchman(tmp_path: Path) -> None:
    settings = Settings(database_url=f"sqlite:///{tmp_path / 'jaring.db'}", limits="open")
    async with serving(settings) as house, house.browser() as browser:
        room = await house.room()
        place = f"/f/{room.code}/backup"
        assert (await browser.get("/readyz")).text == "ready\nbackup: none yet\n"
        assert (await browser.get(place)).status_code == 403, "nobody else needs to know"
        await enter(browser, room, "organiser")
        assert "Belum ada cadangan" in (await browser.get(place)).text
        assert house.hall.copies is not None
        await house.hall.copies.make()
        assert (await browser.get("/readyz")).text.startswith("ready\nbackup: ")
        assert "detik yang lalu" in (await browser.get(place)).text
        assert f'hx-get="{place}"' in (await browser.get(f"/f/{room.code}/manage")).text


@pytest.mark.parametrize(("given", "folder"), [("", "data/backup"), ("none", None), ("/mnt/usb", "/mnt/usb")])
def test_copies_go_beside_the_file_unless_told_otherwise(given: str, folder: str | None) -> None:
    found = Settings(database_url="sqlite:///data/jaring.db", backup_dir=given).backup_folder
    assert found == (None if folder is None else Path(folder))


def test_postgresql_has_no_folder_of_its_own() -> None:
    assert Settings(database_url="postgresql://jaring@/jaring").backup_folder is None
