"""What is different in the hall: plain http, an address that is not loopback, sometimes no JavaScript."""

import pytest
import pytest_asyncio
from playwright.async_api import expect

from tests.browser.conftest import NewPerson
from tests.browser.person import PHONE, arrived, card, connected, region
from tests.browser.served import LAN_NAME, Forum, Served

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

QUESTION = "Apakah pengurusan KIA dipungut biaya?"
FOREIGN = "http://foreign.test/"


@pytest_asyncio.fixture(loop_scope="session")
async def simple(served: Served, person: NewPerson) -> NewPerson:
    """Phones without JavaScript at the address of the hall."""

    async def new():
        return await person(served.lan_address, java_script_enabled=False, **PHONE)

    return new


async def test_without_javascript_people_ask_support_and_withdraw(lively: Forum, simple: NewPerson) -> None:
    asker = await (await simple()).visit(lively.path)
    assert LAN_NAME in asker.url
    await asker.get_by_role("textbox", name="Tulis pertanyaan Bapak/Ibu").fill(QUESTION)
    await asker.get_by_role("button", name="Kirim").tap()
    await expect(card(asker, QUESTION)).to_contain_text("Kode tanda terima")
    own = asker.url

    other = await (await simple()).visit(lively.path)
    await card(other, QUESTION).get_by_role("button", name="Dukung pertanyaan No.").tap()
    await expect(card(other, QUESTION)).to_contain_text("1 dukungan")
    await card(other, QUESTION).get_by_role("button", name="Didukung", pressed=True).tap()
    await expect(card(other, QUESTION)).to_contain_text("0 dukungan")

    await asker.goto(own)
    await card(asker, QUESTION).get_by_role("button", name="Tarik pertanyaan").tap()
    await expect(card(asker, QUESTION)).to_contain_text("Ditarik penanya")
    await other.reload()
    await expect(other.get_by_text(QUESTION)).to_have_count(0)


async def test_six_digits_open_the_forum_which_can_be_kept_on_the_home_screen(
    served: Served, lively: Forum, simple: NewPerson
) -> None:
    somebody = await simple()
    page = await somebody.visit("/")
    await page.get_by_role("textbox", name="Kode forum").fill(f"{lively.code[:3]} {lively.code[3:]}")
    await page.get_by_role("button", name="Ikut forum").tap()
    await expect(page.get_by_role("textbox", name="Tulis pertanyaan Bapak/Ibu")).to_be_visible()
    link = await page.locator("link[rel=manifest]").get_attribute("href")
    kept = await (await somebody.context.request.get(f"{served.address}{link}")).json()
    assert (kept["name"], kept["start_url"]) == ("Forum Konsultasi Publik", lively.path)
    icon = await somebody.context.request.get(f"{served.address}{kept['icons'][0]['src']}")
    assert icon.headers["content-type"] == "image/svg+xml"


async def test_without_javascript_a_role_link_is_pasted(lively: Forum, simple: NewPerson) -> None:
    page = await (await simple()).visit("/enter")
    await page.get_by_role("textbox", name="Tautan peran").fill(lively.link("moderator"))
    await page.get_by_role("button", name="Masuk").tap()
    await expect(page.get_by_role("heading", name="Meja moderator")).to_be_visible()
    await page.get_by_role("button", name="Daftar").tap()
    await expect(page.get_by_role("button", name="Daftar", pressed=True)).to_be_visible()


async def test_a_wrong_role_link_is_answered_in_words(simple: NewPerson) -> None:
    somebody = await simple()
    somebody.foresee("403")
    page = await somebody.visit("/enter")
    await page.get_by_role("textbox", name="Tautan peran").fill("http://jaring.test/enter#tidak-ada")
    await page.get_by_role("button", name="Masuk").tap()
    await expect(page.get_by_text("Tautan ini tidak berlaku lagi")).to_be_visible()


async def test_with_javascript_and_no_secure_context_the_page_is_live(
    served: Served, lively: Forum, person: NewPerson
) -> None:
    asker = await (await person(served.lan_address, **PHONE)).visit(lively.path)
    watcher = await connected(await (await person(served.lan_address, **PHONE)).visit(lively.path))
    await connected(asker)
    assert await asker.evaluate("isSecureContext") is False
    words = "Kapan loket buka pada hari Sabtu?"
    await asker.get_by_role("textbox", name="Tulis pertanyaan Bapak/Ibu").fill(words)
    await asker.get_by_role("button", name="Kirim").tap()
    await expect(asker.get_by_role("status").filter(has_text="Nomor pertanyaan Anda")).to_be_visible()
    await expect(region(asker, "Pertanyaan saya")).to_be_visible()
    await (await arrived(watcher, words)).get_by_role("button", name="Dukung").tap()
    await expect(await arrived(asker, words)).to_contain_text("1 dukungan")
    await watcher.get_by_role("button", name="Bagikan forum ini").tap()
    await expect(watcher.get_by_text(f"{served.lan_address}{lively.path}", exact=True).first).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False])
async def test_a_form_of_another_site_is_refused(
    served: Served, lively: Forum, person: NewPerson, scripts: bool
) -> None:
    target = f"{served.lan_address}{lively.path}"
    form = (
        f'<form method=post action="{target}/questions"><input name=text value=Disusupkan><button>Kirim</button></form>'
    )
    victim = await person(served.lan_address, java_script_enabled=scripts)
    victim.foresee("403")
    victim.foresee(f"foreign request: {FOREIGN}")
    page = await victim.visit(lively.path)
    await page.route(f"{FOREIGN}**", lambda route: route.fulfill(body=form, content_type="text/html"))
    await page.goto(FOREIGN)
    async with page.expect_response(f"{target}/questions") as answered:
        await page.get_by_role("button", name="Kirim").click()
    assert (await answered.value).status == 403
    await page.goto(target)
    await expect(page.get_by_text("Disusupkan")).to_have_count(0)
