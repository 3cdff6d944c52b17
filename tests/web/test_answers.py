"""The answer follows the asker, and a "no" is told in the order of design 6.4 with a sentence to act on."""

import re

import httpx
import pytest

from live.settings import Settings
from tests.build import Room
from tests.people import SARI
from tests.web.house import House, enter, serving

pytestmark = pytest.mark.asyncio(loop_scope="module")
PAGE = {"accept": "text/html"}
PART = {"accept": "text/html", "hx-request": "true"}
JSON = {"accept": "application/json"}


async def test_a_program_gets_json_with_the_cursor_after_the_commit(phone: httpx.AsyncClient, forum: Room) -> None:
    answer = await phone.post(f"/f/{forum.code}/questions", json={"text": "Kapan buka?", "key": "draft-0001"})
    assert answer.status_code == 201
    body = answer.json()
    assert set(body) == {"number", "status", "receipt", "cursor"}
    assert body["cursor"] == (await forum.facts()).forum.cursor
    again = await phone.post(f"/f/{forum.code}/questions", json={"text": "Kapan buka?", "key": "draft-0001"})
    assert (again.status_code, again.json()["receipt"]) == (200, body["receipt"])


async def test_form_fields_and_json_mean_the_same(phone: httpx.AsyncClient, forum: Room) -> None:
    address = f"/f/{forum.code}/questions"
    for n, sent in enumerate(
        [
            {"data": {"text": "Lewat formulir?", "speaker": "2"}},
            {"json": {"text": "Lewat JSON?", "speaker": 2}},
            {"files": {"text": (None, "Lewat multipart?"), "speaker": (None, "2")}},
        ],
        start=1,
    ):
        answer = await phone.post(address, **sent)  # type: ignore[arg-type]
        assert (answer.status_code, answer.json()["number"]) == (201, n)
    assert [q.wanted for q in (await forum.facts()).questions] == [2, 2, 2]


async def test_htmx_gets_a_part_and_a_browser_is_sent_back_to_its_page(house: House, forum: Room) -> None:
    address, page = f"/f/{forum.code}/questions", f"/f/{forum.code}"
    async with house.browser() as browser:
        part = await browser.post(address, data={"text": "Satu?"}, headers=PART)
        assert part.status_code == 201
        assert part.headers["content-type"].startswith("text/html")
        assert "<html" not in part.text
        assert 'id="said"' in part.text
        sent = await browser.post(address, data={"text": "Dua?"}, headers=PAGE)
        assert sent.status_code == 303
        assert sent.headers["location"] in (page, f"{page}/mine")
        landed = await browser.get(sent.headers["location"], headers=PAGE)
        assert landed.status_code == 200
        assert "Dua?" in landed.text


async def test_a_post_from_the_desk_goes_back_to_the_desk_and_never_elsewhere(house: House, forum: Room) -> None:
    number = await forum.ask()
    async with house.browser(**PAGE) as browser:
        await enter(browser, forum, "moderator")
        act = f"/f/{forum.code}/questions/{number}/show"
        back = f"{house.address}/f/{forum.code}/moderate"
        sent = await browser.post(act, headers=PAGE | {"referer": back})
        assert (sent.status_code, sent.headers["location"]) == (303, f"/f/{forum.code}/moderate")
        for foreign in ("https://evil.example/f/1", f"{house.address}@evil.example/", "//evil.example", "javascript:x"):
            sent = await browser.post(act, headers=PAGE | {"referer": foreign})
            assert sent.status_code == 303
            assert sent.headers["location"] == f"/f/{forum.code}"


async def test_an_act_answers_in_the_words_of_the_interface(desk: httpx.AsyncClient, forum: Room) -> None:
    number = await forum.asked("queued")
    base = f"/f/{forum.code}"
    for address, fields, keys in [
        (f"{base}/questions/{number}/rephrase", {"text": "Kapan buka kembali?"}, {"number", "status", "cursor"}),
        (f"{base}/next", {"expect": 0}, {"finished", "staged", "cursor"}),
        (f"{base}/questions/{number}/note", {"text": "Bulan depan."}, {"number", "status", "cursor"}),
        (f"{base}/show-on-screen", {"view": "list"}, {"view", "cursor"}),
        (f"{base}/phase", {"to": "supporting"}, {"phase", "cursor"}),
        (f"{base}/follow-ups", {"problem": "Blanko habis"}, {"id", "status", "cursor"}),
        (f"{base}/follow-ups/1", {"status": "doing"}, {"id", "status", "cursor"}),
    ]:
        answer = await desk.post(address, json=fields)
        assert answer.status_code == (201 if address.endswith("follow-ups") else 200), answer.text
        assert set(answer.json()) == keys, address
        assert answer.json()["cursor"] == (await forum.facts()).forum.cursor


async def test_supports_answer_with_the_count_and_the_mark(phone: httpx.AsyncClient, forum: Room) -> None:
    number = await forum.asked("shown")
    address = f"/f/{forum.code}/questions/{number}/support"
    for on, supports in ((1, 1), (1, 1), (0, 0), ("1", 1), (True, 1)):
        body = (await phone.post(address, json={"on": on})).json()
        assert (body["number"], body["supports"], body["supported"]) == (number, supports, bool(int(on)))
    mine = (await phone.get(f"/f/{forum.code}/mine")).json()
    assert mine["supported"] == [number]


async def test_a_refusal_says_why_in_every_form(house: House, forum: Room) -> None:
    address = f"/f/{forum.code}/questions"
    async with house.browser() as browser:
        for language in ("id", "en"):
            told = await browser.post(f"{address}?lang={language}", data={"text": ""}, headers=JSON)
            assert told.status_code == 422
            assert set(told.json()) >= {"refusal", "message"}
            sentence = told.json()["message"]
            assert re.match(r"^[A-Z].{10,}[.?]$", sentence), sentence
            for headers in (PAGE, PART):
                shown = await browser.post(f"{address}?lang={language}", data={"text": ""}, headers=headers)
                assert shown.status_code == 422
                assert sentence in shown.text


async def test_what_a_person_wrote_is_given_back_and_stays_text(house: House, forum: Room) -> None:
    await forum.do("phase", _moderator(), to="closed")
    words = 'Kapan <script>alert(1)</script> & "buka"?'
    async with house.browser(**PAGE) as browser:
        answer = await browser.post(f"/f/{forum.code}/questions", data={"text": words})
    assert answer.status_code == 409
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; " in answer.text
    assert "<script>alert" not in answer.text


async def test_the_checks_come_in_their_order(
    house: House, phone: httpx.AsyncClient, desk: httpx.AsyncClient, forum: Room
) -> None:
    rejected = await forum.asked("rejected")
    base = f"/f/{forum.code}/questions"
    bad = {"reason": "nonsense", "more": "1"}
    for browser, number, status in ((phone, rejected, 403), (phone, 999, 403), (desk, 999, 404)):
        assert (await browser.post(f"{base}/{number}/reject", json=bad)).status_code == status
    assert (await desk.post(f"{base}/{await forum.asked('answered')}/reject", json=bad)).status_code == 409
    assert (await desk.post(f"{base}/{await forum.asked('shown')}/reject", json=bad)).status_code == 422
    assert (await phone.post("/f/000000/questions", json=bad)).status_code == 404


@pytest.mark.parametrize("house", ["sqlite"], indirect=True)
async def test_too_fast_is_the_last_check_and_says_when_to_try_again(
    request: pytest.FixtureRequest, house: House, tmp_path_factory: pytest.TempPathFactory
) -> None:
    url = f"sqlite:///{tmp_path_factory.mktemp('venue') / 'jaring.db'}"
    async with serving(Settings(database_url=url)) as venue, venue.browser(**JSON) as browser:
        room = await venue.room()
        address = f"/f/{room.code}/questions"
        for n in range(3):
            assert (await browser.post(address, json={"text": f"Pertanyaan {n}?"})).status_code == 201
        assert (await browser.post(address, json={"text": ""})).status_code == 422
        slow = await browser.post(address, json={"text": "Satu lagi?"})
        assert slow.status_code == 429
        assert 1 <= int(slow.headers["retry-after"]) <= 20
        assert slow.json()["refusal"] == "too_fast"
        async with venue.browser(**JSON) as other:  # the same address, another person
            assert (await other.post(address, json={"text": "Saya?"})).status_code == 201


def _moderator() -> object:
    from tests.people import MAYA

    return MAYA


async def test_the_asker_finds_the_question_by_its_receipt_from_any_browser(house: House, forum: Room) -> None:
    body = (await forum.do("ask", SARI, text="Kapan buka?")).body
    async with house.browser() as other:
        told = await other.get(f"/r/{body['receipt']}", headers=JSON)
        assert [q["number"] for q in told.json()["questions"]] == [body["number"]]
        assert "Kapan buka?" in (await other.get(f"/r/{body['receipt']}", headers=PAGE)).text
        for wrong in ("ABCDEFGH", "x", "%00", "a" * 500, "%F0%9F%98%80"):
            assert (await other.get(f"/r/{wrong}", headers=JSON)).status_code == 404, wrong
