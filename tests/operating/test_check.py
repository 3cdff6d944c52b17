"""``jaring check``: what it says about a machine that is fit, and about each thing that is not."""

import os
from pathlib import Path

import pytest
from sqlalchemy import text

from live.operating import checks
from live.operating.checks import Finding
from live.settings import Settings
from live.store.database import Database
from tests.build import Room


async def found(url: str, **settings: object) -> dict[str, Finding]:
    """Every finding by its name."""
    all_of_them = await checks.all_findings(Settings(database_url=url, **settings))  # type: ignore[arg-type]
    return {finding.name: finding for finding in all_of_them}


async def test_a_machine_that_is_fit_has_nothing_bad(database_url: str, room: Room, tmp_path: Path) -> None:
    await room.ask("Apakah semuanya siap?")
    await room.database.close()
    findings = await found(database_url, port=0, lan=("192.168.1.5",), backup_dir=str(tmp_path / "copies"))
    # The tests' PostgreSQL is switched to fast and forgetful, and the check says so.
    expected = {"database"} if "postgres" in database_url else set()
    assert {name for name, finding in findings.items() if finding.level == "bad"} == expected
    assert "1 forums, 1 entries" in findings["journals"].text
    assert "192.168.1.5" in findings["network"].text


async def test_an_empty_place_is_fit_and_stays_empty(tmp_path: Path) -> None:
    findings = await found(f"sqlite:///{tmp_path / 'new' / 'jaring.db'}", port=0, lan=("192.168.1.5",))
    assert not [finding for finding in findings.values() if finding.level == "bad"]
    assert "first start" in findings["tables"].text


async def test_a_changed_journal_is_found(database: Database, database_url: str, room: Room) -> None:
    number = await room.ask("Siapa yang mengubah ini?")
    await room.do("show", number=number)
    async with room.database.writing() as session:
        from sqlalchemy import text

        await session.execute(text("UPDATE entry SET kind = 'REJECTED' WHERE kind = 'SHOWN'"))
    await room.database.close()
    finding = (await found(database_url, port=0))["journals"]
    assert finding.level == "bad"
    assert f"forum {room.code} at entry" in finding.text


async def test_a_damaged_copy_an_unwritable_folder_and_a_full_disk_are_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, folder = f"sqlite:///{tmp_path / 'jaring.db'}", tmp_path / "copies"
    folder.mkdir()
    (folder / "jaring-20261124T010203Z.db").write_bytes(b"half a copy")
    assert (await found(url, port=0, backup_dir=str(folder)))["copy"].level == "bad"
    (tmp_path / "file").touch()
    assert (await found(url, port=0, backup_dir=str(tmp_path / "file" / "below")))["backup"].level == "bad"
    assert (await found(url, port=0, backup_dir="none"))["backup"].level == "look"
    monkeypatch.setattr(checks, "_free_mb", lambda place: 100.0)
    assert (await found(url, port=0))["disk"].level == "bad"


async def test_tables_of_another_version_are_named(database: Database, database_url: str) -> None:
    renamed = text("UPDATE alembic_version SET version_num = :name")
    async with database.writing() as session:
        before = await session.scalar(text("SELECT version_num FROM alembic_version"))
        await session.execute(renamed, {"name": "from-the-future"})
    try:
        finding = (await found(database_url, port=0))["tables"]
    finally:
        async with database.writing() as session:
            await session.execute(renamed, {"name": before})
    assert finding.level == "bad"
    assert "newer Jaring" in finding.text


async def test_a_taken_port_is_bad_unless_jaring_has_it(tmp_path: Path) -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        finding = (await found(f"sqlite:///{tmp_path / 'jaring.db'}", port=taken.getsockname()[1]))["port"]
    assert finding.level == "bad"
    assert "--port" in finding.text


async def test_a_database_that_does_not_answer_is_told_in_one_line(tmp_path: Path) -> None:
    findings = await found(f"postgresql://jaring@/jaring?host={tmp_path}", port=0)
    assert findings["database"].level == "bad"
    assert "\n" not in findings["database"].text
    assert os.sep in findings["disk"].text, "the other checks go on"
