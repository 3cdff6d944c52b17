"""Whatever is sent: a 4xx with a sentence, no row changed, and no trace of the program in the answer."""

import json
import re
from pathlib import Path
from typing import Any

import httpx
import pytest

from live.catalogue import catalogue
from live.places import MIGRATIONS
from live.rules.words import LANGUAGES, Phase, Status
from live.web import answers
from tests.build import Room
from tests.people import MAYA, SARI
from tests.web.house import House, enter

pytestmark = pytest.mark.asyncio(loop_scope="module")

LIVE = MIGRATIONS.parent / "live"
FORM = {"content-type": "application/x-www-form-urlencoded"}
JSON_BODY = {"content-type": "application/json"}
INSIDES = re.compile(r"Traceback|File \"|sqlalchemy|asyncpg|aiosqlite|sqlite3|litestar|\.py\b|KeyError|Exception", re.I)
TEXTS = {
    "empty": "",
    "blank": " \n\t ",
    "nothing visible": "\u200b\u200d\u2060\ufeff",
    "punctuation only": "?!… —",
    "over-long": "a" * 301,
    "over-long in emoji": "👨\u200d👩\u200d👧\u200d👦" * 10_000,
    "ten thousand emoji": "😀" * 10_000,
    "control characters only": "\x00\x01\x08\x1b\x7f",
    "bidi marks only": "\u202e\u2066\u2069\u202c",
    "marks only": "\u0300" * 200,
    "half a surrogate pair": "\ud800",
    "too heavy zalgo": "a" + "\u0301" * 5000,
}
BODIES: dict[str, tuple[bytes, dict[str, str]]] = {
    "nothing": (b"", {}),
    "an empty form": (b"", FORM),
    "empty json": (b"", JSON_BODY),
    "broken json": (b'{"text": ', JSON_BODY),
    "a json array": (b'["text"]', JSON_BODY),
    "a json number": (b"42", JSON_BODY),
    "json null": (b"null", JSON_BODY),
    "a json string": (b'"text"', JSON_BODY),
    "nested json": (b'{"text": {"text": "a"}}', JSON_BODY),
    "very deep json": (b'{"text": ' + b"[" * 20_000 + b"]" * 20_000 + b"}", JSON_BODY),
    "a list for a text": (b'{"text": ["a", "b"]}', JSON_BODY),
    "true for a text": (b'{"text": true}', JSON_BODY),
    "a number for a text": (b'{"text": 5}', JSON_BODY),
    "null for a text": (b'{"text": null}', JSON_BODY),
    "not a number": (b'{"text": NaN}', JSON_BODY),
    "an endless number": (b'{"text": "Kapan?", "speaker": ' + b"9" * 5000 + b"}", JSON_BODY),
    "invalid utf-8 in json": (b'{"text": "\xff\xfe"}', JSON_BODY),
    "invalid utf-8 in a form": (b"text=%FF%FE&kind=%C0%80", FORM),
    "an unknown field": (b"text=Kapan%3F&nonsense=1", FORM),
    "an unknown field in json": (b'{"text": "Kapan?", "is_admin": true}', JSON_BODY),
    "half a surrogate for a field": (b'{"text": "Kapan?", "\\ud800": 1}', JSON_BODY),
    "a repeated field": (b"text=Satu%3F&text=Dua%3F", FORM),
    "another kind of body": (b"<text>Kapan?</text>", {"content-type": "text/xml"}),
    "plain text": (b"text=Kapan?", {"content-type": "text/plain"}),
    "multipart without boundary": (b"--x\r\n", {"content-type": "multipart/form-data"}),
    "broken multipart": (b"--x\r\nnonsense", {"content-type": "multipart/form-data; boundary=x"}),
    "a bad kind": (b"text=Kapan%3F&kind=poll", FORM),
    "a speaker nobody is": (b"text=Kapan%3F&speaker=9", FORM),
    "a bad key": (b"text=Kapan%3F&key=a%00b%00c%00d%00", FORM),
    "a source that is the helper's": (b"text=Kapan%3F&source=paper", FORM),
}


async def rows(forum: Room) -> object:
    return await forum.facts()


def check(answer: httpx.Response, *statuses: int) -> None:
    """A refusal with a sentence for a person, and nothing of our insides."""
    assert answer.status_code in statuses, (answer.status_code, answer.text[:300])
    assert not INSIDES.search(answer.text), answer.text[:300]
    if answer.headers["content-type"].startswith("application/json"):
        body = answer.json()
        assert re.fullmatch(r"[a-z_]+", body["refusal"])
        assert len(body["message"]) > 10
        assert "{" not in body["message"], "every place in the sentence is filled in"


@pytest.mark.parametrize("what", TEXTS)
async def test_a_text_that_cannot_be_shown_is_422(phone: httpx.AsyncClient, forum: Room, what: str) -> None:
    before = await rows(forum)
    for headers in ({"accept": "application/json"}, {"accept": "text/html"}, {"hx-request": "true"}):
        body = json.dumps({"text": TEXTS[what]})
        status = 413 if len(body) > 65536 else 422
        answer = await phone.post(f"/f/{forum.code}/questions", content=body, headers=JSON_BODY | headers)
        check(answer, status)
    assert await rows(forum) == before


@pytest.mark.parametrize("what", BODIES)
async def test_a_body_that_means_nothing_is_422(phone: httpx.AsyncClient, forum: Room, what: str) -> None:
    content, headers = BODIES[what]
    before = await rows(forum)
    check(await phone.post(f"/f/{forum.code}/questions", content=content, headers=headers), 422)
    assert await rows(forum) == before


async def test_who_may_not_is_told_so_before_the_body_is_looked_at(
    phone: httpx.AsyncClient, desk: httpx.AsyncClient, forum: Room
) -> None:
    number = await forum.ask("Punya Sari?", SARI)
    base = f"/f/{forum.code}"
    for content, headers in (BODIES["broken json"], BODIES["a repeated field"], BODIES["another kind of body"]):
        before = await rows(forum)
        for browser, address, status in [
            (phone, f"{base}/questions/{number}/show", 403),
            (phone, f"{base}/questions/{number}/withdraw", 403),
            (phone, f"{base}/next", 403),
            (desk, "/f/000000/next", 404),
            (desk, f"{base}/questions/999/show", 404),
            (desk, f"{base}/follow-ups/999", 404),
            (desk, f"{base}/questions/999/support", 404),
            (desk, f"{base}/questions/{number}/answered", 409),
            (desk, f"{base}/questions/{number}/support", 409),
            (desk, f"{base}/questions/{number}/reject", 422),
            (desk, f"{base}/next", 422),
        ]:
            check(await browser.post(address, content=content, headers=headers), status)
        assert await rows(forum) == before


async def test_a_form_sent_empty_is_told_to_write_something(phone: httpx.AsyncClient, forum: Room) -> None:
    told = await phone.post(f"/f/{forum.code}/questions", data={"text": "", "kind": "question"})
    check(told, 422)
    assert (told.json()["refusal"], told.json()["field"]) == ("empty", "text")
    told = await phone.post(f"/f/{forum.code}/questions", json={"text": ["Kapan?"]})
    check(told, 422)
    assert told.json()["field"] == "text"
    assert "tulisan" in told.json()["message"]


async def test_a_receipt_left_empty_or_unread_erases_nothing(phone: httpx.AsyncClient, forum: Room) -> None:
    base = f"/f/{forum.code}"
    assert (await phone.post(f"{base}/questions", json={"text": "Kapan buka?"})).status_code == 201
    before = await rows(forum)
    for content, headers in ((b"receipt=", FORM), (b'{"receipt": ""}', JSON_BODY), BODIES["broken json"]):
        check(await phone.post(f"{base}/erase", content=content, headers=headers), 422)
    for content, headers in (BODIES["another kind of body"], BODIES["a repeated field"], BODIES["nested json"]):
        check(await phone.post(f"{base}/erase", content=content, headers=headers), 422)
    assert await rows(forum) == before


async def test_what_can_be_cleaned_is_taken(phone: httpx.AsyncClient, forum: Room) -> None:
    for sent, kept in [
        ("  Kapan \x00\x07 buka?\r\n\r\n\r\n\r\nBesok? ", "Kapan buka?\n\nBesok?"),
        ("\u202eKapan\u202c tutup?", "Kapan tutup?"),
        ("Berapa\u0301\u0301\u0301\u0301\u0301\u0301?", "Berap\u00e1\u0301\u0301\u0301?"),
        ("<b>Kapan</b> & 'buka'?", "<b>Kapan</b> & 'buka'?"),
        ("'; DROP TABLE question; --", "'; DROP TABLE question; --"),
        ("=HYPERLINK(1) apakah aman?", "=HYPERLINK(1) apakah aman?"),
        ("{{ 7*7 }} {% raw %} apa?", "{{ 7*7 }} {% raw %} apa?"),
    ]:
        answer = await phone.post(f"/f/{forum.code}/questions", json={"text": sent})
        assert answer.status_code == 201, sent
        made = (await forum.facts()).question(answer.json()["number"])
        assert made is not None
        assert made.text == kept


async def test_a_file_is_not_a_field(phone: httpx.AsyncClient, forum: Room) -> None:
    before = await rows(forum)
    sent = {"text": ("text.txt", b"Kapan buka?", "text/plain")}
    check(await phone.post(f"/f/{forum.code}/questions", files=sent), 422)
    more = {"text": (None, "Kapan?"), "photo": ("x.png", b"\x89PNG", "image/png")}
    check(await phone.post(f"/f/{forum.code}/questions", files=more), 422)  # type: ignore[arg-type]
    assert await rows(forum) == before


async def test_a_body_of_seventy_kibibytes_is_413(phone: httpx.AsyncClient, forum: Room) -> None:
    before = await rows(forum)

    async def trickled() -> Any:
        for _ in range(70):
            yield b"text=" + b"a" * 1019

    for content, headers in ((b"text=" + b"a" * 70 * 1024, FORM), (b'{"text":"' + b"a" * 70 * 1024 + b'"}', JSON_BODY)):
        check(await phone.post(f"/f/{forum.code}/questions", content=content, headers=headers), 413)
    check(await phone.post(f"/f/{forum.code}/questions", content=trickled(), headers=FORM), 413)
    check(await phone.post("/enter", content=b"token=" + b"a" * 70 * 1024, headers=FORM), 413)
    assert await rows(forum) == before


async def test_a_wrong_method_is_405(phone: httpx.AsyncClient, forum: Room) -> None:
    before = await rows(forum)
    number = await forum.ask()
    before = await rows(forum)
    base = f"/f/{forum.code}"
    for method, address in [
        ("GET", f"{base}/questions"),
        ("PUT", f"{base}/questions"),
        ("DELETE", f"{base}/questions/{number}/withdraw"),
        ("GET", f"{base}/questions/{number}/withdraw"),
        ("POST", base),
        ("POST", f"{base}/state"),
        ("PATCH", f"{base}/phase"),
        ("DELETE", "/enter"),
    ]:
        check(await phone.request(method, address), 405)
    assert await rows(forum) == before


@pytest.mark.parametrize(
    "code", ["0", "000000", "abc", "%00", "%F0%9F%98%80", "9" * 400, "' OR 1=1", "..%2f..", "١٢٣٤٥٦"]
)
async def test_a_forum_that_does_not_exist_is_404_everywhere(phone: httpx.AsyncClient, house: House, code: str) -> None:
    for page in ("", "/mine", "/state", "/frames", "/archive", "/moderate", "/archive.csv"):
        check(await phone.get(f"/f/{code}{page}"), 404)
    for act in ("questions", "questions/1/support", "next", "phase", "follow-ups"):
        check(await phone.post(f"/f/{code}/{act}", json={"text": "Kapan?", "on": 1}), 404)
    async with house.browser(accept="text/html") as browser:
        check(await browser.get(f"/f/{code}"), 404)
        check(await browser.get("/", params={"code": httpx.URL(f"http://x/{code}").path[1:]}), 404)


@pytest.mark.parametrize("number", ["0", "999", "-1", "x", "1.5", "²", "99999999999", "9" * 5000, "1e3", "%00", "0x1"])
async def test_a_question_that_does_not_exist_is_404(desk: httpx.AsyncClient, forum: Room, number: str) -> None:
    await forum.ask()
    before = await rows(forum)
    for act, fields in (("show", {}), ("support", {"on": 1}), ("withdraw", {})):
        check(await desk.post(f"/f/{forum.code}/questions/{number}/{act}", json=fields), 404)
    check(await desk.post(f"/f/{forum.code}/follow-ups/{number}", json={"status": "doing"}), 404)
    assert await rows(forum) == before


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/state?as=nobody", 422),
        ("/state?as=moderator", 403),
        ("/state?as=", 200),
        ("/state?as=participant&as=moderator", (200, 403, 422)),
        ("/state?as=%00", 422),
        ("/state?lang=xx", 200),
        ("/state?lang=%00", 200),
        ("/frames?since=%00", 200),
        ("/frames?since=abc.²", 200),
        ("/frames?since=" + "9" * 5000, 200),
        ("?sort=%00", 200),
        ("?sort=" + "x" * 3000, 200),
        ("/nonsense", 404),
        ("/questions/1/nonsense", 404),
        ("/archive.exe", 404),
    ],
)
async def test_odd_addresses_are_answered_in_words(
    phone: httpx.AsyncClient, forum: Room, address: str, status: Any
) -> None:
    answer = await phone.get(f"/f/{forum.code}{address}")
    assert answer.status_code in (status if isinstance(status, tuple) else (status,))
    assert not INSIDES.search(answer.text)


async def test_odd_speakers_are_answered_in_words(house: House, forum: Room) -> None:
    async with house.browser(accept="application/json") as browser:
        await enter(browser, forum, "moderator", "speaker:1")
        for speaker in ("²", "9" * 5000, "-1", "x", "%00", "99"):
            for address in (f"/state?as=speaker&speaker={speaker}", f"/speaker?speaker={speaker}"):
                answer = await browser.get(f"/f/{forum.code}{address}")
                assert answer.status_code in (403, 422), (address[:40], answer.status_code)
                assert not INSIDES.search(answer.text)


async def test_the_wrong_phase_and_somebody_elses_question_are_told_so(phone: httpx.AsyncClient, forum: Room) -> None:
    number = await forum.ask("Punya Sari?", SARI)
    for act in ("withdraw", "edit"):
        check(await phone.post(f"/f/{forum.code}/questions/{number}/{act}", json={"text": "Punyaku?"}), 403)
    for phase in ("draft", "supporting", "closed"):
        await forum.do("phase", MAYA, to=phase)
        before = await rows(forum)
        told = await phone.post(f"/f/{forum.code}/questions", json={"text": f"Sekarang {phase}?"})
        check(told, 409)
        assert told.json()["phase"] == phase
        assert await rows(forum) == before
    await forum.publish()
    check(await phone.post(f"/f/{forum.code}/questions", json={"text": "Terlambat?"}), 409)


# Every "no" has its sentence, in both languages, with every status and phase.


def reasons() -> set[str]:
    """Every reason that the program may refuse with, read from its source."""
    found: set[str] = set()
    for path in sorted(Path(LIVE).rglob("*.py")):
        source = path.read_text("utf-8")
        found |= set(re.findall(r"Refusal\(\s*\"([a-z_]+)\"", source))
        for choice in re.findall(r"Refusal\((\"[^)]*? else [^)]*?),", source):
            found |= set(re.findall(r"\"([a-z_]+)\"", choice))
    return found | {f"phase_{phase}" for phase in Phase}


async def test_every_refusal_has_a_sentence_in_both_languages() -> None:
    found = reasons()
    assert len(found) > 25
    for language in LANGUAGES:
        words = catalogue(language)
        assert {f"refusal.{reason}" for reason in found} <= words.keys


async def test_every_status_can_be_named_in_a_refusal() -> None:
    from live.rules.refusal import Refusal

    for language in LANGUAGES:
        told = {answers.sentence(language, Refusal("wrong_status", params={"status": status})) for status in Status}
        assert len(told) == len(Status)
        assert not [sentence for sentence in told if "{" in sentence]
