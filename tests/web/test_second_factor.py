"""The organiser's second factor: switched on with a code, asked at every sign-in, each code good for one."""

import asyncio
import re
from datetime import timedelta

import httpx
import pyotp
import pytest

from tests.web.house import House
from tests.web.test_organiser import JSON, PASSWORD, invited, set_password, signed_in

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.parametrize("house", ["sqlite"], indirect=True)]

PLACE = "/organiser/second-factor"


def code(key: str, house: House, steps: int = 0) -> str:
    """What the phone shows now, or some steps of 30 s later."""
    return str(pyotp.TOTP(key).at(house.hall.database.clock() + timedelta(seconds=30 * steps)))


async def switched_on(house: House, browser: httpx.AsyncClient) -> tuple[str, list[str]]:
    """The key and the recovery codes; the code just before the present one is used up for it."""
    page = (await browser.get(PLACE)).text
    shown = re.search(r'<b id="key">([A-Z2-7 ]+)</b>', page)
    sealed = re.search(r'name="sealed" value="([^"]+)"', page)
    assert shown and sealed and "<svg" in page
    key = shown[1].replace(" ", "")
    answer = await browser.post(PLACE, data={"sealed": sealed[1], "code": code(key, house, -1)}, headers=JSON)
    assert answer.status_code == 200, answer.text
    return key, answer.json()["codes"]


async def ticket(browser: httpx.AsyncClient, name: str) -> str:
    """What the right password gives when there is a second factor."""
    answer = await browser.post("/organiser", data={"name": name, "password": PASSWORD}, headers=JSON)
    assert answer.status_code == 200, answer.text
    assert "jaring_s" not in browser.cookies
    return str(answer.json()["ticket"])


async def second(browser: httpx.AsyncClient, held: str, typed: str) -> httpx.Response:
    return await browser.post("/organiser/second", data={"ticket": held, "code": typed}, headers=JSON)


async def test_a_code_is_asked_at_every_sign_in_and_lets_in_once(house: House) -> None:
    async with house.browser() as owner, house.browser() as other, house.browser() as thief:
        await signed_in(house, owner, "dua-langkah", "Dinas Dua Langkah")
        key, _ = await switched_on(house, owner)
        now = code(key, house)
        held = await ticket(other, "dua-langkah")
        assert (await second(other, held, now)).status_code == 201
        assert "Dinas Dua Langkah" in (await other.get("/organiser")).text
        again = await second(thief, await ticket(thief, "dua-langkah"), now)
        assert (again.status_code, again.json()["refusal"]) == (403, "wrong_second")


async def test_two_browsers_with_one_code_are_not_both_let_in(house: House) -> None:
    async with house.browser() as owner, house.browser() as first, house.browser() as other:
        await signed_in(house, owner, "serentak", "Dinas Serentak")
        key, _ = await switched_on(house, owner)
        now, tickets = code(key, house), [await ticket(first, "serentak"), await ticket(other, "serentak")]
        answers = await asyncio.gather(second(first, tickets[0], now), second(other, tickets[1], now))
        assert sorted(answer.status_code for answer in answers)[0] == 201
        assert sorted(answer.status_code for answer in answers)[1] in (403, 429)


async def test_a_recovery_code_lets_in_once_without_the_phone(house: House) -> None:
    async with house.browser() as owner, house.browser() as browser, house.browser() as thief:
        await signed_in(house, owner, "ponsel-hilang", "Dinas Hilang")
        _, codes = await switched_on(house, owner)
        assert len(set(codes)) == 10
        assert (await second(browser, await ticket(browser, "ponsel-hilang"), codes[3].lower())).status_code == 201
        assert "9 dari 10" in (await browser.get(PLACE)).text
        assert (await second(thief, await ticket(thief, "ponsel-hilang"), codes[3])).status_code == 403


async def test_wrong_codes_delay_the_next_try(house: House) -> None:
    async with house.browser() as owner, house.browser() as thief:
        await signed_in(house, owner, "tebak", "Dinas Tebak")
        key, _ = await switched_on(house, owner)
        held = await ticket(thief, "tebak")
        assert (await second(thief, held, "000000")).status_code == 403
        soon = await second(thief, held, code(key, house))
        assert (soon.status_code, soon.headers["retry-after"]) == (429, "1")


async def test_a_ticket_lets_nobody_in_and_ends_with_its_time_and_the_password(house: House) -> None:
    async with house.browser() as owner, house.browser() as other:
        await signed_in(house, owner, "karcis", "Dinas Karcis")
        key, _ = await switched_on(house, owner)
        held = await ticket(other, "karcis")
        assert (await other.get("/organiser/new", headers=JSON)).status_code == 403
        for wrong in ("", "x", held[:-4] + "AAAA"):
            refused = await second(other, wrong, code(key, house))
            assert refused.status_code in (403, 422), wrong
        await set_password(owner, await invited(house, "karcis", "Dinas Karcis"), password=PASSWORD + " baru",
                           again=PASSWORD + " baru")  # fmt: skip
        over = await second(other, held, code(key, house))
        assert (over.status_code, over.json()["refusal"]) == (403, "sign_in_again")


async def test_a_wrong_code_switches_nothing_on_and_shows_the_same_key_again(house: House) -> None:
    async with house.browser() as owner:
        await signed_in(house, owner, "salah-ketik", "Dinas Ketik")
        page = (await owner.get(PLACE)).text
        sealed = re.search(r'name="sealed" value="([^"]+)"', page)
        assert sealed
        answer = await owner.post(PLACE, data={"sealed": sealed[1], "code": "123"})
        assert answer.status_code == 422
        keys = [re.findall(r'<b id="key">([A-Z2-7 ]+)</b>', text) for text in (page, answer.text)]
        assert keys[0] == keys[1]
        forged = await owner.post(PLACE, data={"sealed": "JBSWY3DPEHPK3PXP", "code": "123456"}, headers=JSON)
        assert (forged.status_code, forged.json()["refusal"]) == (422, "wrong_second")


async def test_it_is_switched_off_with_the_password_only(house: House) -> None:
    async with house.browser() as owner, house.browser() as other:
        await signed_in(house, owner, "matikan", "Dinas Mati")
        await switched_on(house, owner)
        wrong = await owner.post(f"{PLACE}/off", data={"password": "bukan ini sama sekali"}, headers=JSON)
        assert (wrong.status_code, wrong.json()["refusal"]) == (403, "wrong_password")
        house.hall.door.passed("matikan", "127.0.0.1")
        assert (await owner.post(f"{PLACE}/off", data={"password": PASSWORD}, headers=JSON)).status_code == 200
        answer = await other.post("/organiser", data={"name": "matikan", "password": PASSWORD}, headers=JSON)
        assert answer.status_code == 201


async def test_the_key_does_not_lie_open_in_the_database(house: House) -> None:
    async with house.browser() as owner:
        await signed_in(house, owner, "tersegel", "Dinas Segel")
        key, _ = await switched_on(house, owner)
        async with house.hall.database.reading() as session:
            rows = (await session.connection()).exec_driver_sql("select totp from organiser where totp is not null")
            kept = [row[0] for row in await rows]
        assert kept
        assert not [text for text in kept if key in text]
