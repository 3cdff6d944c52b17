"""Papers, owners' links, feeds and the closing list over HTTP: who may have them, and what they are."""

import hashlib
import io
import zipfile

import httpx
import pytest
from PIL import Image

from tests.build import Room
from tests.people import MAYA, NINA, OKI
from tests.web.house import House, enter

pytestmark = pytest.mark.asyncio(loop_scope="module")

PUBLIC = ("berita-acara.pdf", "notula.pdf", "rencana-tindak-lanjut.pdf", "rekapitulasi.xlsx")
PRIVATE = ("berita-acara.docx", "daftar-hadir.docx", "laporan-pelaksanaan.docx", "paket-bukti.zip")


async def promised(forum: Room) -> int:
    """An answer with its promise, and one to be answered in writing by the same office."""
    number = await forum.asked("answered")
    await forum.do("follow-ups", OKI, question=[number], problem="Blanko habis", owner="Kabid Dafduk", due="2026-12-24")
    written = await forum.asked("shown")
    await forum.do("written", MAYA, written, owner="Kabid Dafduk")
    return written


async def test_papers_are_for_the_team_until_the_forum_is_published(house: House, forum: Room) -> None:
    await promised(forum)
    async with house.browser() as stranger:
        for name in (*PUBLIC, *PRIVATE):
            assert (await stranger.get(f"/f/{forum.code}/files/{name}")).status_code == 403, name
        await forum.publish()
        for name in PRIVATE:
            assert (await stranger.get(f"/f/{forum.code}/files/{name}")).status_code == 403, name
        for name in PUBLIC[:1]:
            paper = await stranger.get(f"/f/{forum.code}/files/{name}")
            assert paper.content.startswith(b"%PDF-")
            assert "Berita%20Acara%20Hasil%20FKP.pdf" in paper.headers["content-disposition"]
        assert (await stranger.get(f"/f/{forum.code}/files/passwd.pdf")).status_code == 404


async def test_the_organiser_has_the_package_with_one_click(house: House, forum: Room) -> None:
    await promised(forum)
    async with house.browser() as browser:
        await enter(browser, forum, "organiser")
        page = await browser.get(f"/f/{forum.code}/manage")
        assert f"/f/{forum.code}/files/paket-bukti.zip" in page.text
        found = await browser.get(f"/f/{forum.code}/files/paket-bukti.zip")
        with zipfile.ZipFile(io.BytesIO(found.content)) as package:
            assert "Berita Acara Hasil FKP.docx" in package.namelist()


async def _link(house: House, forum: Room, owner: str) -> str:
    async with house.browser() as organiser:
        await enter(organiser, forum, "organiser")
        made = await organiser.post(
            f"/f/{forum.code}/owners", data={"owner": owner}, headers={"accept": "application/json"}
        )
        assert made.status_code == 200, made.text
        return str(made.json()["link"])


async def test_an_owner_has_a_page_with_the_own_items_and_nothing_else(house: House, forum: Room) -> None:
    written = await promised(forum)
    await forum.do("follow-ups", OKI, problem="Milik orang lain", owner="Sekretaris Dinas")
    async with house.browser() as owner:
        await owner.post("/enter", data={"token": await _link(house, forum, "Kabid Dafduk")})
        page = await owner.get(f"/f/{forum.code}/owner")
        assert page.status_code == 200
        assert "Blanko habis" in page.text
        assert "Milik orang lain" not in page.text
        done = await owner.post(f"/f/{forum.code}/follow-ups/1/progress", data={"text": "Dipesan.", "status": "doing"})
        assert done.status_code == 303
        answered = await owner.post(f"/f/{forum.code}/questions/{written}/answer", data={"text": "Sudah ada."})
        assert answered.status_code == 303
        assert (await owner.post(f"/f/{forum.code}/follow-ups/2/progress", data={"text": "x1"})).status_code == 403
        assert (await owner.get(f"/f/{forum.code}/manage")).status_code == 403
    assert [(f.status, len(f.progress)) for f in (await forum.facts()).follow_ups] == [("doing", 1), ("todo", 0)]


async def test_a_new_link_of_an_owner_ends_the_old_one(house: House, forum: Room) -> None:
    await promised(forum)
    async with house.browser() as owner:
        await owner.post("/enter", data={"token": await _link(house, forum, "Kabid Dafduk")})
        await _link(house, forum, "Kabid Dafduk")
        assert (await owner.get(f"/f/{forum.code}/owner")).status_code == 403


async def test_only_an_organiser_makes_owners_links(house: House, forum: Room) -> None:
    for role in ("moderator", "scribe"):
        async with house.browser() as browser:
            await enter(browser, forum, role)
            assert (await browser.post(f"/f/{forum.code}/owners", data={"owner": "Kabid"})).status_code == 403


@pytest.mark.parametrize(
    ("kind", "media", "words"),
    [
        ("rss", "application/rss+xml", "<rss"),
        ("atom", "application/atom+xml", "<feed"),
        ("ics", "text/calendar", "VEVENT"),
    ],
)
async def test_the_list_can_be_followed_once_published(
    house: House, forum: Room, kind: str, media: str, words: str
) -> None:
    await promised(forum)
    async with house.browser() as anybody:
        assert (await anybody.get(f"/f/{forum.code}/follow-up.{kind}")).status_code == 404
        await forum.publish()
        feed = await anybody.get(f"/f/{forum.code}/follow-up.{kind}")
        assert feed.headers["content-type"].startswith(media)
        assert words in feed.text
        assert "Blanko habis" in feed.text
        if kind == "ics":
            assert "DTSTART;VALUE=DATE:20261224" in feed.text


async def test_the_archive_is_filtered_without_a_script(house: House, forum: Room) -> None:
    await promised(forum)
    first = await forum.asked("answered", "Pertanyaan kedua", speaker=2)
    await forum.do("note", NINA, first, text="Bulan depan.")
    await forum.publish()
    async with house.browser() as anybody:
        page = await anybody.get(f"/f/{forum.code}/archive?speaker=2")
        assert page.text.count('<article class="ticket"') == 1
        assert f'id="q-{first}"' in page.text
        assert "data-live" not in page.text
        page = await anybody.get(f"/f/{forum.code}/archive?status=written")
        assert page.text.count('<article class="ticket"') == 1


async def test_the_closing_list_is_the_moderators(house: House, forum: Room) -> None:
    await promised(forum)
    async with house.browser() as browser:
        await enter(browser, forum, "scribe")
        assert (await browser.get(f"/f/{forum.code}/closing")).status_code == 403
    async with house.browser() as browser:
        await enter(browser, forum, "moderator")
        page: httpx.Response = await browser.get(f"/f/{forum.code}/closing")
        assert "Blanko habis" in page.text
        assert "/follow-ups/1/agree" in page.text


async def test_the_shape_of_the_record_is_published(house: House) -> None:
    async with house.browser() as anybody:
        assert (await anybody.get("/record.schema.json")).json()["properties"]["follow_ups"]["type"] == "array"


def _picture() -> bytes:
    out = io.BytesIO()
    picture = Image.new("RGB", (2400, 1200), "teal")
    exif = picture.getexif()
    exif[0x010E] = "Rumah Bapak Fulan"
    picture.save(out, "PNG", exif=exif)
    return out.getvalue()


async def test_a_photo_as_evidence_is_encoded_anew_and_stands_on_the_board(house: House, forum: Room) -> None:
    await promised(forum)
    address = f"/f/{forum.code}/follow-ups/1/evidence"
    async with house.browser() as owner:
        await owner.post("/enter", data={"token": await _link(house, forum, "Kabid Dafduk")})
        told = await owner.post(address, data={"text": "Tiba."}, files={"file": ("../kotak blanko.png", _picture())})
        assert told.status_code == 303, told.text
    await forum.publish()
    kept = (await forum.facts()).follow_ups[0].progress[0].evidence[0]
    assert (kept.name, kept.media_type) == ("_kotak blanko.jpg", "image/jpeg")
    async with house.browser() as anybody:
        assert f"/evidence/{kept.id}" in (await anybody.get(f"/f/{forum.code}/follow-up")).text
        file = await anybody.get(f"/f/{forum.code}/evidence/{kept.id}")
        assert hashlib.sha256(file.content).hexdigest() == kept.sha256
        assert b"Fulan" not in file.content
        assert Image.open(io.BytesIO(file.content)).size == (2000, 1000)


async def test_what_is_no_photo_and_no_pdf_is_refused_and_changes_nothing(house: House, forum: Room) -> None:
    await promised(forum)
    address = f"/f/{forum.code}/follow-ups/1/evidence"
    async with house.browser(accept="application/json") as owner:
        nobody = await owner.post(address, data={"text": "Tiba."}, files={"file": ("a.pdf", b"%PDF-1.7")})
        assert nobody.status_code == 403
        await owner.post("/enter", data={"token": await _link(house, forum, "Kabid Dafduk")})
        for name, content in (
            ("a.png", b"<svg onload=alert(1)>"),
            ("a.jpg", b""),
            ("a.html", b"<script>"),
            ("b", b"MZ"),
        ):
            told = await owner.post(address, data={"text": "Tiba."}, files={"file": (name, content)})
            assert told.status_code == 422, (name, told.text)
        forged = {"text": "Tiba.", "evidence": {"name": "a", "media_type": "text/html", "content": "x"}}
        assert (await owner.post(f"/f/{forum.code}/follow-ups/1/progress", json=forged)).status_code == 422
    assert (await forum.facts()).follow_ups[0].progress == ()


async def test_another_question_joins_a_promise_by_its_number_in_the_form(house: House, forum: Room) -> None:
    await promised(forum)
    also = await forum.asked("answered")
    async with house.browser() as scribe:
        await enter(scribe, forum, "scribe")
        page = (await scribe.get(f"/f/{forum.code}/scribe")).text
        assert 'name="question" type="number"' in page
        fields = {"question": ["1", str(also)], "problem": "Blanko habis"}
        assert (await scribe.post(f"/f/{forum.code}/follow-ups/1", data=fields)).status_code == 303
        assert (await forum.facts()).follow_ups[0].questions == (1, also)
        left = {"question": ["1", str(also), ""], "problem": "Blanko habis lagi"}
        assert (await scribe.post(f"/f/{forum.code}/follow-ups/1", data=left)).status_code == 303
    assert (await forum.facts()).follow_ups[0].questions == (1, also)
