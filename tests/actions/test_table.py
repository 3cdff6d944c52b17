"""The table of acts, walked whole: who may, when, and from where. What is allowed here is written in examples.py."""

import contextlib
from collections.abc import AsyncIterator
from typing import Any

import pytest

from live.actions.table import DEEDS
from live.rules.actor import Actor, Granted
from live.rules.acts import ACTS
from live.rules.refusal import Refusal
from live.rules.words import Phase, Role, Status
from live.store.database import Database
from tests.actions.examples import (
    EXAMPLES,
    FROM,
    NUMBERED,
    example_of,
    number_of,
    perform,
    prepared,
    set_phase,
)
from tests.build import PATHS, Room
from tests.people import BEATRIX, EVERYBODY, MAYA, NINA, RIZAL, SARI, TONO, person

# What may happen does not depend on the database; the tests that do are beside this one.
pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.parametrize("database", ["sqlite"], indirect=True)]
every_act = pytest.mark.parametrize("name", EXAMPLES)
on_an_item = pytest.mark.parametrize("name", [name for name in EXAMPLES if ACTS[name].target != "forum"])
NOT_WALKED = {"similar"}  # changes nothing


async def refused(room: Room, name: str, actor: Actor, number: int | None, fields: dict[str, Any]) -> Refusal:
    """The refusal of this act."""
    with pytest.raises(Refusal) as said:
        await perform(room, name, actor, number, fields)
    return said.value


@contextlib.asynccontextmanager
async def unchanged(room: Room) -> AsyncIterator[None]:
    """Whatever is tried inside changes nothing and uses no number."""
    before = await room.facts()
    yield
    assert await room.facts() == before


async def test_every_act_of_the_table_has_an_example(database: Database) -> None:
    assert set(EXAMPLES) == (set(ACTS) - NOT_WALKED) | {"support"}, "say in examples.py who may, when and from where"
    assert set(EXAMPLES) == set(DEEDS) | {"support"}
    assert set(NUMBERED) == {name for name, act in ACTS.items() if act.target == "question"}


@every_act
async def test_a_role_may_do_exactly_the_acts_of_the_table(database: Database, room: Room, name: str) -> None:
    example = EXAMPLES[name]
    number = await prepared(room, name)
    others = {role: person(99, *actor.grants) for role, actor in EVERYBODY.items()}  # never the asker
    may = set(example.who.split())
    async with unchanged(room):
        for role in set(others) - may:
            refusal = await refused(room, name, others[role], number, example.fields)
            assert (refusal.status, refusal.step) == (403, "role"), role
    for role in sorted(may):
        before = (await room.facts()).forum.seq
        await perform(room, name, others[role], number, example.fields)
        assert (await room.facts()).forum.seq > before, f"{role} did {name}"
        if role != sorted(may)[-1]:
            room, number = await example_of(database, room, name)


@every_act
async def test_an_act_works_in_its_phases_and_is_refused_in_all_others(
    database: Database, room: Room, name: str
) -> None:
    example = EXAMPLES[name]
    number = await prepared(room, name)
    for phase in set(Phase) - set(example.phases.split()):
        await set_phase(room, phase)
        async with unchanged(room):
            refusal = await refused(room, name, example.actor, number, example.fields)
        assert (refusal.status, refusal.extra) == (409, {"phase": phase})
    for phase in example.phases.split():
        await set_phase(room, phase)
        await perform(room, name, example.actor, number, example.fields)
        if phase != example.phases.split()[-1]:
            room, number = await example_of(database, room, name)


@pytest.mark.parametrize("name", NUMBERED)
async def test_a_question_moves_only_from_where_the_table_says(room: Room, name: str) -> None:
    example, (starts, to, stands) = EXAMPLES[name], FROM[name]
    numbers = {status: await room.asked(status) for status in ("answered", *(set(PATHS) - {"answered", "stage"}))}
    assert {*numbers, "stage"} == set(Status)
    for status in (*numbers, "stage"):
        if (on_stage := (await room.facts()).on_stage) is not None:
            await room.do("answered", MAYA, on_stage.number)
        number = numbers.get(status) or await room.asked("stage")
        if name == "confirm" and status in starts.split():
            await room.do("note", NINA, number, text="Bulan depan.")
        fields = example.fields | ({"speaker": "1"} if (name, status) == ("stage", "shown") else {})
        before = await room.facts()
        if status in stands.split():
            outcome = await perform(room, name, example.actor, number, fields)
            assert outcome.body["status"] == status
            assert await room.facts() == before, "what already stands changes nothing"
        elif status in starts.split():
            outcome = await perform(room, name, example.actor, number, fields)
            after = await room.facts()
            assert outcome.body["status"] == number_of(after, number) == (to or status)
            assert after.forum.seq > before.forum.seq, status
            assert outcome.body["cursor"] == after.forum.cursor
        else:
            refusal = await refused(room, name, example.actor, number, fields)
            assert (refusal.status, refusal.reason) == (409, "wrong_status"), status
            assert await room.facts() == before


@every_act
async def test_a_repeated_key_gives_the_first_result_and_changes_nothing(room: Room, name: str) -> None:
    example = EXAMPLES[name]
    number = await prepared(room, name)
    fields = example.fields | {"key": "draft-0001"}
    first = await perform(room, name, example.actor, number, fields)
    before = await room.facts()
    again = await perform(room, name, example.actor, number, fields)
    assert await room.facts() == before
    assert again.body == first.body
    assert not again.created, "a repeat is 200, not 201"


@every_act
async def test_a_key_used_for_another_body_is_refused(room: Room, name: str) -> None:
    example = EXAMPLES[name]
    number = await prepared(room, name)
    await perform(room, name, example.actor, number, example.fields | {"key": "draft-0001"})
    for other in ({"seen": ""}, {"note": "x"}, {"text": "Lain?"}):
        changed = example.fields | other | {"key": "draft-0001"}
        if other == {"seen": ""}:  # what is not given is no other body
            await perform(room, name, example.actor, number, changed)
            continue
        if name == "support":
            changed = {"on": "0", "key": "draft-0001"}
        async with unchanged(room):
            refusal = await refused(room, name, example.actor, number, changed)
        assert (refusal.status, refusal.reason) == (409, "key_reused")


@every_act
async def test_a_key_of_one_person_means_nothing_for_another(database: Database, room: Room, name: str) -> None:
    example = EXAMPLES[name]
    actor, number = example.actor, await prepared(room, name)
    await perform(room, name, actor, number, example.fields | {"key": "draft-0001"})
    other = person(98, *MAYA.grants)
    await perform(room, "show-on-screen", other, None, {"view": "rules", "key": "draft-0001"})
    assert (await room.facts()).forum.screen == "rules"


async def test_no_act_reaches_a_forum_that_does_not_exist(room: Room) -> None:
    nowhere = Room(room.database, room.acting, "000000", {})
    for name, example in EXAMPLES.items():
        refusal = await refused(nowhere, name, example.actor, 1, example.fields)
        assert (refusal.status, refusal.reason) == (404, "no_such_forum"), name


@on_an_item
async def test_an_act_on_nothing_is_404_and_the_role_comes_first(room: Room, name: str) -> None:
    async with unchanged(room):
        for number in (0, 999, -1, 2**31, 2**63, 10**30):
            refusal = await refused(room, name, EXAMPLES[name].actor, number, EXAMPLES[name].fields)
            assert (refusal.status, refusal.step) == (404, "existence"), number
            if name not in ("support", "edit", "withdraw", "erase", "dispute"):
                assert (await refused(room, name, TONO, number, {})).status == 403


@on_an_item
async def test_an_item_of_another_forum_cannot_be_reached(database: Database, room: Room, name: str) -> None:
    other, number = await example_of(database, room, name)
    async with unchanged(other):
        refusal = await refused(room, name, EXAMPLES[name].actor, number, EXAMPLES[name].fields)
    assert refusal.status == 404


# The order of the checks: role, existence, phase and state, fields, pace.

NONSENSE = {
    "text": "",
    "reason": "x",
    "speaker": "x",
    "before": "x",
    "due": "x",
    "to": "x",
    "view": "x",
    "nonsense": "1",
}


@pytest.mark.parametrize("name", [name for name, example in EXAMPLES.items() if "participant" not in example.who])
async def test_the_role_is_refused_before_everything_else(room: Room, name: str) -> None:
    number = await prepared(room, name)
    await set_phase(room, Phase.PUBLISHED)
    async with unchanged(room):
        for wrong in (NONSENSE, {"key": "x"}, {"seen": "x"}, {}):
            assert (await refused(room, name, TONO, number, wrong)).status == 403


@every_act
async def test_the_phase_is_refused_before_the_fields(room: Room, name: str) -> None:
    wrong = [phase for phase in Phase if phase not in EXAMPLES[name].phases.split() and name != "phase"]
    number = await prepared(room, name)
    for phase in wrong:
        await set_phase(room, phase)
        for fields in (NONSENSE, {"key": "x"}, {"key": "!" * 9}, {"seen": "x"}, {"key": ["draft-0001"]}):
            assert (await refused(room, name, EXAMPLES[name].actor, number, fields)).status == 409, (phase, fields)


@pytest.mark.parametrize("name", [name for name in NUMBERED if name == "withdraw" or "withdrawn" not in FROM[name][0]])
async def test_the_state_is_refused_before_the_fields(room: Room, name: str) -> None:
    number = await room.asked("withdrawn" if name != "withdraw" else "answered")
    async with unchanged(room):
        for fields in (NONSENSE, {"key": "x"}, {"seen": "x"}):
            assert (await refused(room, name, EXAMPLES[name].actor, number, fields)).status == 409, fields


BAD_KEYS: list[Any] = [
    "x",
    "short-7",
    "x" * 65,
    "with space",
    "ünïcödé-1",
    "a/b/c/d/e",
    "x\n" * 5,
    12345678,
    ["draft-0001"],
    {},
]
BAD_CURSORS: list[Any] = ["x", ".", "abc.", "abc.x", "abc.-1", "abc.²", "abc." + "9" * 5000, "\ud800", 5, ["x"]]


@every_act
async def test_a_key_cursor_or_field_of_the_wrong_form_is_422_and_names_the_field(room: Room, name: str) -> None:
    example = EXAMPLES[name]
    number = await prepared(room, name)
    async with unchanged(room):
        for key in BAD_KEYS:
            refusal = await refused(room, name, example.actor, number, example.fields | {"key": key or ["x"]})
            assert (refusal.status, refusal.extra["field"]) == (422, "key"), key
        for seen in BAD_CURSORS if number is not None else ():
            refusal = await refused(room, name, example.actor, number, example.fields | {"seen": seen})
            assert (refusal.status, refusal.extra["field"]) == (422, "seen"), str(seen)[:40]
        refusal = await refused(room, name, example.actor, number, example.fields | {"status_": "shown"})
        assert (refusal.status, refusal.extra["field"]) == (422, "status_")


HUGE = str(10**30)
LONG = "a" * 301
BAD_FIELDS: dict[str, dict[str, list[Any]]] = {
    "ask": {
        "text": ["", "   ", "\u200b\u200b", "?!", LONG, 5, ["a"], {"a": "b"}],
        "kind": ["poll", "QUESTION"],
        "speaker": ["0", "4", "-1", "x", "1.5", HUGE],
        "name": ["\u200b", "a" * 61],
        "source": ["paper"],  # a participant does not say where it comes from
        "seat": ["A1"],
        "paper": ["7"],
        "status": ["shown"],
        "supports": ["99"],
    },
    "support": {"on": ["", "2", "ja", ["1"]], "count": ["x", "-1", str(2**63), HUGE]},
    "edit": {"text": ["", LONG, ["a"]], "kind": ["complaint"]},
    "reject": {"reason": ["", "boring", "SPAM", ["spam"]]},
    "rephrase": {"text": ["", "\u202e", LONG]},
    "queue": {"speaker": ["", "0", "4", "x", HUGE], "before": ["999", "x", HUGE]},
    "stage": {"speaker": ["0", "9", "x", HUGE]},
    "unstage": {"speaker": ["0", "4", "x", HUGE]},
    "written": {"due": ["24-12-2026", "2026-02-30", "besok"], "owner": ["a" * 201, "\u200b"]},
    "note": {"text": ["", LONG], "promise": ["maybe"], "element": ["U10"], "authority": ["world"]},
    "answer": {"text": ["", "a" * 2001]},
    "next": {"speaker": ["4", "x"], "expect": ["x"]},
    "phase": {"to": ["", "finished", "OPEN"]},
    "show-on-screen": {
        "view": ["", "secret"],
        "item": ["9", "-1", "x", HUGE],
        "interpreter": ["top"],
        "look": ["pink"],
    },
    "time": {"seconds": ["", "0", "-1", "3601", "x", "1.5", HUGE]},
    "pair": {"digits": ["", "654321", "12345", "1234567", "abcdef", "\u0661" * 6, HUGE]},
    "agenda": {"item": ["", "4", "-1", "x", HUGE]},
    "message": {"speaker": ["", "0", "4", "x", HUGE], "text": ["", "  ", "\u200b", "a" * 201]},
    "follow-ups": {
        "problem": ["", "a" * 501],
        "status": ["late", "dropped", "forwarded"],  # the last two need a reason, and to whom
        "term": ["soon"],
        "due": ["x"],
        "question": [["999"], ["x"], [HUGE]],
        "owner": ["a" * 201],
        "partial": ["x"],
    },
    "no-promise": {"on": ["2", "ja"]},
    "papers": {"signed": ["besok"], "attended": ["-1", "x", HUGE], "head_name": ["a" * 301, "\u200b"], "city": [["a"]]},
    "agree": {"on": ["2"]},
    "progress": {
        "text": ["", "a" * 501],
        "link": ["javascript:alert(1)", "laman", "http:///", "https://a b", "ftp://x.id", "http://[x", "a" * 501],
        "status": ["late", "dropped", "forwarded"],
        "due": ["2026-02-30"],
    },
    "dispute": {"text": ["", "a" * 501]},
    "follow-up": {"status": ["overdue", "dropped"], "due": ["2026-13-01"], "question": [["0"]], "problem": ["?"]},
}


@pytest.mark.parametrize("name", BAD_FIELDS)
async def test_a_bad_field_is_422_and_changes_nothing(room: Room, name: str) -> None:
    example = EXAMPLES[name]
    number = await prepared(room, name)
    async with unchanged(room):
        for field, values in BAD_FIELDS[name].items():
            for value in values:
                refusal = await refused(room, name, example.actor, number, example.fields | {field: value})
                assert refusal.status == 422, (field, str(value)[:40])


# Somebody else's item.


@pytest.mark.parametrize("name", ["edit", "withdraw"])
async def test_a_stranger_cannot_change_my_question_whatever_the_role(room: Room, name: str) -> None:
    number = await room.ask()
    async with unchanged(room):
        for actor in (TONO, *(person(97, *each.grants) for each in EVERYBODY.values())):
            refusal = await refused(room, name, actor, number, EXAMPLES[name].fields)
            assert (refusal.status, refusal.reason) == (403, "not_yours")
    await perform(room, name, SARI, number, EXAMPLES[name].fields)


@pytest.mark.parametrize("name", ["queue", "unstage", "answered", "written", "confirm"])
async def test_a_speaker_acts_only_on_the_own_question(room: Room, name: str) -> None:
    number = await prepared(room, name)
    refusal = await refused(room, name, BEATRIX, number, EXAMPLES[name].fields)
    assert refusal.status == 403
    await perform(room, name, EVERYBODY["speaker"], number, EXAMPLES[name].fields)


async def test_a_speaker_cannot_take_a_question_that_waits_for_nobody(room: Room) -> None:
    number = await room.asked("shown")
    assert (await refused(room, "queue", EVERYBODY["speaker"], number, {"speaker": "1"})).status == 403


async def test_a_speaker_who_handed_over_has_no_more_say(room: Room) -> None:
    number = await room.asked("queued")
    await perform(room, "queue", EVERYBODY["speaker"], number, {"speaker": "2"})
    assert (await refused(room, "queue", EVERYBODY["speaker"], number, {"speaker": "1"})).status == 403
    await perform(room, "queue", BEATRIX, number, {"speaker": "1"})


async def test_a_browser_with_several_roles_may_do_what_any_of_them_may(room: Room) -> None:
    both = person(96, Granted(Role.SCRIBE), Granted(Role.SPEAKER, 1))
    number = await room.asked("stage")
    await perform(room, "note", both, number, {"text": "Bulan depan."})
    await perform(room, "confirm", both, number, {})
    await perform(room, "answered", both, number, {})
    assert (await refused(room, "reject", both, number, {"reason": "spam"})).status == 403


async def test_the_journal_says_in_which_role_it_was_done(room: Room) -> None:
    number = await room.ask("Satu?", RIZAL)
    assert (await room.facts()).questions[0].number == number
    async with room.database.change(room.code) as change:
        question = await change.question(number)
        assert question is not None
        assert (question.touched_role, question.touched_did) == ("moderator", "ASKED")
