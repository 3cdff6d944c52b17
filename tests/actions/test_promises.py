"""From the note to the promise, and what becomes of it. On both databases."""

import dataclasses
from datetime import UTC, date, datetime

import pytest

from live.actions.pace import Pace
from live.actions.perform import Acting
from live.rules import audience, follow_ups, views
from live.rules.actor import Granted
from live.rules.audience import Viewer
from live.rules.facts import FollowUpFacts
from live.rules.refusal import Refusal
from live.rules.words import Audience, FollowUpStatus, Role
from live.store.database import Database
from tests import build
from tests.build import PLAN, Room
from tests.people import AHMAD, DINA, MAYA, NINA, OKI, SARI, TONO, person

pytestmark = pytest.mark.asyncio(loop_scope="module")

PROMISE = {"problem": "Blanko habis", "owner": "Kabid Dafduk", "term": "short", "duration": "14 hari"}


async def promised(room: Room, **more: object) -> int:
    """A promise from an answer of Sari's question."""
    number = await room.asked("answered")
    return int((await room.do("follow-ups", NINA, question=[number], **(PROMISE | more))).body["id"])


async def promise(room: Room, number: int = 1) -> FollowUpFacts:
    return (await room.facts()).follow_ups[number - 1]


async def refused(room: Room, name: str, actor: object, number: int | None = None, **fields: object) -> Refusal:
    with pytest.raises(Refusal) as said:
        await room.do(name, actor, number, **fields)  # type: ignore[arg-type]
    return said.value


# The note and its promise.


async def test_one_form_writes_the_note_and_the_promise_with_nothing_typed_twice(room: Room) -> None:
    number = await room.asked("stage", "Kapan blanko tersedia?")
    body = (await room.do("note", NINA, number, text="Bulan depan diumumkan.", promise="yes", due="2026-12-24")).body
    made = await promise(room)
    question = (await room.facts()).question(number)
    assert question is not None
    assert (body["number"], body["follow_up"]) == (number, 1)
    assert (made.problem, made.recommendation) == (question.text, "Bulan depan diumumkan.")
    assert (made.due, made.questions) == (date(2026, 12, 24), (number,))
    await room.do("note", NINA, number, text="Bulan depan diumumkan.", promise="yes")
    assert len((await room.facts()).follow_ups) == 1, "a double tap promises nothing twice"


async def test_one_answer_can_promise_several_things(room: Room) -> None:
    number = await room.asked("stage")
    for problem in ("Blanko habis", "Tidak ada pengumuman"):
        await room.do("note", NINA, number, text="Bulan depan.", promise="yes", problem=problem)
    assert [f.questions for f in (await room.facts()).follow_ups] == [(number,), (number,)]


async def test_a_second_scribe_does_not_overwrite_the_first_unawares(room: Room) -> None:
    number = await room.asked("stage")
    rani = person(40, Granted(Role.SCRIBE))
    await room.do("note", NINA, number, text="Bulan depan.", over="")
    refusal = await refused(room, "note", rani, number, text="Tahun depan.", over="2026-01-01T00:00:00+00:00")
    assert (refusal.status, refusal.reason) == (409, "note_moved_on")
    assert refusal.extra["question"]["note"] == "Bulan depan."
    question = (await room.facts()).question(number)
    assert question is not None
    assert question.noted_at is not None
    await room.do("note", rani, number, text="Tahun depan.", over=question.noted_at.isoformat())
    await room.do("note", rani, number, text="Tahun depan sekali.", over=question.noted_at.isoformat())  # the own one


async def test_a_confirmation_says_who_and_when_and_a_change_takes_it_back(room: Room) -> None:
    number = await room.asked("stage")
    await room.do("note", NINA, number, text="Bulan depan.")
    await room.do("confirm", AHMAD, number)
    question = (await room.facts()).question(number)
    assert question is not None
    assert (question.confirmed_role, question.confirmed_speaker) == ("speaker", 1)
    assert question.confirmed_at is not None
    await room.do("note", NINA, number, text="Dua bulan lagi.")
    question = (await room.facts()).question(number)
    assert question is not None
    assert (question.note_state, question.confirmed_at, question.confirmed_role) == ("draft", None, None)


# No promise is lost.


async def test_publishing_needs_every_answer_decided_and_names_those_that_are_not(room: Room) -> None:
    free, promising, silent = await room.asked("answered"), await room.asked("answered"), await room.asked("written")
    await room.do("follow-ups", NINA, question=[promising], **PROMISE)
    await room.do("no-promise", NINA, free)
    refusal = await refused(room, "phase", OKI, to="published")
    assert (refusal.status, refusal.reason, refusal.extra) == (409, "undecided", {"questions": [silent]})
    assert (await room.facts()).forum.phase == "open"
    await room.do("no-promise", NINA, silent)
    await room.do("phase", OKI, to="published")


async def test_no_promise_can_be_taken_back_and_a_promise_outweighs_it(room: Room) -> None:
    number = await room.asked("answered")
    await room.do("no-promise", NINA, number)
    assert (await room.facts()).undecided == []
    await room.do("no-promise", NINA, number, on="0")
    assert (await room.facts()).undecided == [number]
    await room.do("no-promise", NINA, number)
    await room.do("follow-ups", NINA, question=[number], **PROMISE)
    question = (await room.facts()).question(number)
    assert question is not None
    assert not question.no_promise


# Agreed is locked.


async def test_what_was_agreed_is_locked_with_its_time_and_can_be_opened_by_the_moderator(room: Room) -> None:
    number = await promised(room)
    await room.do("agree", MAYA, number)
    assert (await promise(room)).agreed is not None
    for field in ({"problem": "Lain"}, {"recommendation": "Lain"}, {"term": "long"}, {"duration": "1 hari"}):
        assert (await refused(room, "follow-up", NINA, number, **field)).reason == "agreed"
    assert (await refused(room, "follow-up", NINA, number, due="2027-01-01")).reason == "agreed"
    await room.do("follow-up", NINA, number, problem="Blanko habis", owner="Sekretaris Dinas", needs_budget="1")
    assert (await refused(room, "agree", NINA, number, on="0")).status == 403
    await room.do("agree", MAYA, number, on="0")
    await room.do("follow-up", NINA, number, problem="Lain")


async def test_nothing_is_agreed_without_a_term(room: Room) -> None:
    number = int((await room.do("follow-ups", NINA, problem="Antrean panjang")).body["id"])
    assert (await refused(room, "agree", MAYA, number)).reason == "term_needed"
    await room.do("follow-up", NINA, number, term="study", due="2026-12-24")
    await room.do("agree", MAYA, number)


async def test_a_follow_up_carries_all_columns_of_the_master_table(room: Room) -> None:
    fields = {
        "activity": "Pengadaan blanko",
        "authority": "national",
        "needs_budget": "1",
        "element": "U5",
        "indicator": "6.000 keping tersedia",
    }
    await promised(room, **fields)
    made = await promise(room)
    assert (made.term, made.duration) == ("short", "14 hari")
    assert (made.activity, made.authority, made.needs_budget) == ("Pengadaan blanko", "national", True)
    assert (made.element, made.indicator) == ("U5", "6.000 keping tersedia")


# What becomes of it.


async def test_an_owner_reports_on_the_own_items_only(room: Room) -> None:
    own, other = await promised(room), await promised(room, owner="Sekretaris Dinas", problem="Antrean")
    await room.do("progress", DINA, own, text="Dipesan.", status="doing", link="https://capil.example.id/blanko")
    assert (await refused(room, "progress", DINA, other, text="Dipesan.")).status == 403
    for name in ("follow-up", "agree"):
        assert (await refused(room, name, DINA, own)).status == 403
    made = await promise(room, own)
    assert made.status == FollowUpStatus.DOING
    assert [(p.text, p.link, p.status) for p in made.progress] == [
        ("Dipesan.", "https://capil.example.id/blanko", FollowUpStatus.DOING)
    ]


async def test_an_owner_answers_the_own_written_questions_only(room: Room) -> None:
    own, other = await room.asked("shown"), await room.asked("shown")
    await room.do("written", MAYA, own, owner="Kabid Dafduk")
    await room.do("written", MAYA, other, owner="Sekretaris Dinas")
    await room.do("answer", DINA, own, text="Sudah tersedia.")
    assert (await refused(room, "answer", DINA, other, text="Sudah tersedia.")).status == 403


async def test_a_new_due_date_keeps_the_agreement_and_stands_in_the_timeline(room: Room) -> None:
    number = await promised(room, due="2026-12-24")
    await room.do("agree", MAYA, number)
    await room.do("progress", OKI, number, text="Pengiriman tertunda.", due="2027-01-29")
    made = await promise(room)
    assert (made.due, made.progress[0].due, made.agreed is not None) == (date(2027, 1, 29), date(2027, 1, 29), True)


async def test_an_asker_disputes_with_the_receipt_until_it_is_answered(room: Room) -> None:
    number = await promised(room)
    facts = await room.facts()
    receipt = facts.questions[0].receipt
    await room.publish()
    await room.do("progress", OKI, number, text="Blanko dibagikan.", status="done")
    spaced = f"{receipt[:4].lower()} {receipt[4:]}"
    await room.do("dispute", TONO, number, receipt=spaced, text="Belum, NIK 6471000000000007 masih suket.")
    made = await promise(room)
    assert follow_ups.is_disputed(made)
    assert made.status == FollowUpStatus.DONE, "nothing closes or opens by itself"
    public = views.promise(made)
    assert (public["disputed"], public["disputes"][0]["text"]) == (True, None)
    assert "6471000000000007" not in made.disputes[0].text
    await room.do("progress", OKI, number, text="Warga sudah dihubungi.")
    assert not follow_ups.is_disputed(await promise(room))


async def test_words_of_an_objection_are_public_once_answered_unless_they_were_flagged(room: Room) -> None:
    number = await promised(room)
    receipt = (await room.facts()).questions[0].receipt
    await room.publish()
    await room.do("dispute", SARI, number, receipt=receipt, text="Belum jadi.")
    await room.do("dispute", SARI, number, receipt=receipt, text="NIK 6471000000000007 belum jadi.")
    await room.do("progress", OKI, number, text="Sudah dihubungi.")
    assert [d["text"] for d in views.promise(await promise(room))["disputes"]] == ["Belum jadi.", None]


async def test_a_receipt_of_another_question_disputes_nothing(room: Room) -> None:
    number = await promised(room)
    other = await room.ask("Pertanyaan lain?", SARI)
    receipt = next(q.receipt for q in (await room.facts()).questions if q.number == other)
    await room.publish()
    for wrong in (receipt, "ABCD2346", "' OR 1=1 --", "é"):
        refusal = await refused(room, "dispute", SARI, number, receipt=wrong, text="Belum.")
        assert (refusal.status, refusal.reason) == (403, "wrong_receipt")
    assert (await promise(room)).disputes == ()


async def test_disputing_too_fast_is_told_to_wait(room: Room) -> None:
    number = await promised(room)
    receipt = (await room.facts()).questions[0].receipt
    await room.publish()
    venue = Room(room.database, Acting(room.database, Pace("venue")), room.code, room.links)
    for n in range(3):
        await venue.do("dispute", SARI, number, receipt=receipt, text=f"Belum {n}.")
    assert (await refused(venue, "dispute", SARI, number, receipt=receipt, text="Belum.")).status == 429


# Written answers have a day.


async def test_a_written_answer_without_a_day_is_due_after_the_working_days_of_its_kind(database: Database) -> None:
    clock = lambda: datetime(2026, 12, 22, 16, 30, tzinfo=UTC)  # noqa: E731 - 23 December in Balikpapan
    database.clock = clock
    plan = dataclasses.replace(PLAN, written_days={"suggestion": 1})
    room = await build.room(database, Acting(database, Pace("open")), plan)
    question, suggestion = await room.ask("Kapan?"), await room.ask("Sebaiknya Sabtu buka.", kind="suggestion")
    for number in (question, suggestion):
        await room.do("written", MAYA, number)
    # 24 December is joint leave, 25 December a holiday (SKB 3 Menteri for 2026), and 1 January is New Year.
    facts = await room.facts()
    assert [q.due for q in facts.questions] == [date(2027, 1, 4), date(2026, 12, 28)]


# The papers.


async def test_the_papers_are_drafts_until_number_and_date_are_set(room: Room) -> None:
    assert (await room.facts()).forum.papers.is_draft
    assert (await room.do("papers", OKI, reference="400.12/17/2026", city="Balikpapan")).body["draft"]
    assert not (await room.do("papers", OKI, reference="400.12/17/2026", signed="2026-11-24")).body["draft"]
    papers = (await room.facts()).forum.papers
    assert (papers.reference, papers.signed, papers.city) == ("400.12/17/2026", date(2026, 11, 24), "")


async def test_names_on_the_papers_reach_the_organiser_only(room: Room) -> None:
    await room.do("papers", OKI, head_name="Nama Pejabat")
    facts = await room.facts()
    for viewer in Audience:
        shown = str(audience.state(facts, Viewer(viewer, speaker=1 if viewer is Audience.SPEAKER else None)))
        assert ("Nama Pejabat" in shown) == (viewer is Audience.ORGANISER), viewer


async def test_erasing_a_question_erases_its_words_from_its_promise_and_objection(room: Room) -> None:
    number = await room.asked("stage", "Kata-kata Sari sendiri")
    await room.do("note", NINA, number, text="Bulan depan.", promise="yes", term="short")
    receipt = (await room.facts()).questions[0].receipt
    await room.publish()
    await room.do("dispute", SARI, 1, receipt=receipt, text="Kata-kata Sari lagi.")
    await room.do("erase", SARI, number, receipt=receipt)
    made = await promise(room)
    assert (made.problem, made.recommendation, made.disputes[0].text) == ("", "Bulan depan.", "")
    assert "Sari" not in str(await room.facts())


async def test_a_question_longer_than_a_problem_still_becomes_one(database: Database) -> None:
    plan = dataclasses.replace(PLAN, max_length=2000)
    room = await build.room(database, Acting(database, Pace("open")), plan)
    number = await room.asked("stage", "panjang sekali " * 60)
    await room.do("note", NINA, number, text="Bulan depan.", promise="yes")
    assert 450 < len((await promise(room)).problem) <= 500
