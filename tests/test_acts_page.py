"""The table of acts in ``docs/`` is the one that the program obeys."""

from live.actions.describing import markdown
from live.places import MIGRATIONS
from live.rules.acts import ACTS
from live.rules.words import Phase, Role, Status

ROOT = MIGRATIONS.parent


def rows() -> dict[str, list[str]]:
    """Act → the cells of its row."""
    lines = [line.strip("| ").split(" | ") for line in markdown().splitlines() if line.startswith("| `")]
    return {cells[0].strip("`"): cells for cells in lines}


def test_the_page_of_acts_is_up_to_date() -> None:
    page = (ROOT / "docs" / "acts.md").read_text("utf-8")
    assert page == markdown(), "write it anew: python -m live.actions.describing > docs/acts.md"


def test_every_act_has_its_row_and_readers_find_the_page() -> None:
    assert set(rows()) == set(ACTS)
    assert "docs/acts.md" in (ROOT / "README.md").read_text("utf-8")


def test_every_act_says_what_it_does() -> None:
    assert [act for act, cells in rows().items() if len(cells[1]) < 15] == []


def test_a_row_says_who_from_where_to_where_and_when() -> None:
    name, does, who, starts, to, already, phases, entry = rows()["answered"]
    assert does == "The question on stage is answered; its clock stops"
    assert (name, who, entry) == ("`answered`", "moderator, that speaker", "`ANSWERED`")
    assert (starts, to, already) == (f"`{Status.STAGE}`", f"`{Status.ANSWERED}`", f"`{Status.ANSWERED}`")
    assert phases == f"any but `{Phase.DRAFT}` `{Phase.PUBLISHED}`"
    assert rows()["withdraw"][2] == "the asker"
    assert rows()["phase"][2] == f"{Role.ORGANISER}, {Role.MODERATOR}"
