"""What the desk and the phones ask beside the acts: similar questions, what can be undone, a link handed over."""

import httpx
import pytest

from tests.build import Room
from tests.people import MAYA, SARI, TONO
from tests.web.house import House, enter

pytestmark = pytest.mark.asyncio(loop_scope="module")
JSON = {"accept": "application/json"}
PART = {"accept": "text/html", "hx-request": "true"}
NIK = "6471010101900001"


async def asked(forum: Room, text: str, *acts: str) -> int:
    number = await forum.ask(text, TONO)
    for act in acts:
        await forum.do(act, MAYA, number, **({"reason": "offtopic"} if act == "reject" else {}))
    return number


async def similar(who: httpx.AsyncClient, forum: Room, text: str, **more: str) -> httpx.Response:
    return await who.post(f"/f/{forum.code}/similar", data={"text": text}, headers=JSON, params=more)


async def test_a_phone_is_offered_up_to_three_questions_it_may_see(phone: httpx.AsyncClient, forum: Room) -> None:
    shown = [await asked(forum, f"Kapan blanko KTP-el tersedia {word}?", "show") for word in ("lagi", "nanti", "pak")]
    await asked(forum, "Kapan blanko KTP-el tersedia menunggu?")
    await asked(forum, "Kapan blanko KTP-el tersedia ditolak?", "reject")
    await asked(forum, "Kapan blanko KTP-el tersedia loket?", "private")
    merged = await asked(forum, "Kapan blanko KTP-el tersedia gabung?", "show")
    await forum.do("merge", MAYA, merged, into=shown[0])
    answer = await similar(phone, forum, "kpn blangko ktp el tersedia?")
    assert answer.status_code == 200
    found = answer.json()["similar"]
    assert {q["number"] for q in found} == set(shown)
    assert all(set(q) == {"number", "text", "supports"} for q in found)
    for word in ("menunggu", "ditolak", "loket", "gabung"):
        assert word not in answer.text


async def test_similar_questions_are_compared_and_shown_as_public_text(phone: httpx.AsyncClient, forum: Room) -> None:
    number = await asked(forum, f"NIK saya {NIK}, kapan jadi?", "show")
    answer = await similar(phone, forum, f"NIK saya {NIK}, kapan jadi?")
    assert [q["number"] for q in answer.json()["similar"]] == [number]
    assert NIK not in answer.text
    assert (await similar(phone, forum, NIK)).json()["similar"] == []
    part = await phone.post(f"/f/{forum.code}/similar", data={"text": "NIK saya kapan jadi?"}, headers=PART)
    assert "Sudah ada pertanyaan yang mirip" in part.text


async def test_looking_for_similar_questions_changes_nothing_and_refuses_nonsense(
    phone: httpx.AsyncClient, forum: Room
) -> None:
    before = await forum.facts()
    for text in ("", "?!", "a" * 9000):
        assert (await similar(phone, forum, text)).status_code == 422
    assert (await similar(phone, forum, "Kapan?", **{"as": "moderator"})).status_code == 403
    assert await forum.facts() == before


async def test_the_desk_is_told_what_it_can_undo(house: House, forum: Room) -> None:
    async with house.browser() as desk, house.browser() as stranger:
        await enter(desk, forum, "moderator")
        number = await forum.ask("Kapan buka?", SARI)
        shown = await desk.post(f"/f/{forum.code}/questions/{number}/show", headers=JSON)
        (act,) = (await desk.get(f"/f/{forum.code}/undo", headers=JSON)).json()["acts"]
        assert (act["act"], act["number"], act["said"]) == ("show", number, f"No. {number} ditampilkan")
        assert shown.json()["cursor"].endswith(f".{act['id']}")
        undone = await desk.post(f"/f/{forum.code}/undo", data={"expect": act["id"]}, headers=JSON)
        assert (undone.json()["did"], undone.json()["status"]) == ("show", "pending")
        assert (await desk.get(f"/f/{forum.code}/undo", headers=JSON)).json()["acts"] == []
        assert (await stranger.get(f"/f/{forum.code}/undo", headers=JSON)).status_code == 403


async def test_a_link_handed_over_works_and_is_told_only_once(house: House, forum: Room) -> None:
    async with house.browser() as desk, house.browser() as other:
        await enter(desk, forum, "moderator")
        sent = {"key": "hand-over-1"}
        link = (await desk.post(f"/f/{forum.code}/hand-over", data=sent, headers=JSON)).json()["link"]
        again = await desk.post(f"/f/{forum.code}/hand-over", data=sent, headers=JSON)
        assert (again.status_code, "link" in again.json()) == (200, False)
        token = link.partition("#")[2]
        assert (await other.post("/enter", data={"token": token}, headers=JSON)).json()["role"] == "moderator"
        page = await desk.post(f"/f/{forum.code}/hand-over", headers={"accept": "text/html"})
        assert page.status_code == 201
        assert "/enter#" in page.text and "<svg" in page.text


async def test_who_acts_on_an_old_picture_is_told_who_was_first(house: House, forum: Room) -> None:
    async with house.browser() as desk:
        await enter(desk, forum, "moderator")
        number = await forum.ask("Kapan buka?", SARI)
        seen = (await forum.facts()).forum.cursor
        await forum.do("reject", MAYA, number, reason="offtopic")
        answer = await desk.post(f"/f/{forum.code}/questions/{number}/show", data={"seen": seen}, headers=JSON)
        assert answer.status_code == 409
        told = answer.json()
        assert (told["by"], told["did"], told["question"]["status"]) == ("moderator", "REJECTED", "rejected")
        assert told["message"].startswith(f"Lebih dahulu: No. {number} tidak ditampilkan (moderator).")
