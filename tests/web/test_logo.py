"""The logo of the letterhead: checked and drawn anew, on the papers, and nobody's but the organiser's to set."""

import io
import zipfile

import pypdf
import pytest
from PIL import Image, PngImagePlugin

from tests.web.house import House, enter

pytestmark = pytest.mark.asyncio(loop_scope="module")


def picture(form: str = "PNG", size: tuple[int, int] = (900, 600)) -> bytes:
    """A picture with something hidden in it."""
    out, hidden = io.BytesIO(), PngImagePlugin.PngInfo()
    hidden.add_text("Comment", "rahasia-9f2c")
    more = {"pnginfo": hidden} if form == "PNG" else {"comment": b"rahasia-9f2c"}
    Image.new("RGB", size, (7, 84, 63)).save(out, form, **more)
    return out.getvalue()


@pytest.mark.parametrize("form", ["PNG", "JPEG"])
async def test_the_logo_stands_on_the_papers_and_holds_nothing_but_the_picture(house: House, form: str) -> None:
    room = await house.room()
    async with house.browser() as organiser:
        await enter(organiser, room, "organiser")
        base = f"/f/{room.code}"
        before = pypdf.PdfReader(io.BytesIO((await organiser.get(f"{base}/files/berita-acara.pdf")).content))
        assert not list(before.pages[0].images)
        sent = await organiser.post(f"{base}/logo", files={"file": ("logo.png", picture(form))})
        assert (sent.status_code, sent.headers["location"]) == (303, f"{base}/logo")
        kept = (await organiser.get(f"{base}/logo")).content
        assert b"rahasia-9f2c" not in kept
        assert Image.open(io.BytesIO(kept)).size == (400, 267)
        pdf = pypdf.PdfReader(io.BytesIO((await organiser.get(f"{base}/files/berita-acara.pdf")).content))
        assert len(list(pdf.pages[0].images)) == 1
        docx = (await organiser.get(f"{base}/files/berita-acara.docx")).content
        with zipfile.ZipFile(io.BytesIO(docx)) as parts:
            assert [name for name in parts.namelist() if name.startswith("word/media/")]
        await organiser.post(f"{base}/logo", files={"file": ("", b"")})
        assert (await organiser.get(f"{base}/logo")).status_code == 404


async def test_what_is_no_picture_and_who_is_no_organiser_are_refused(house: House) -> None:
    room = await house.room()
    async with house.browser(accept="application/json") as organiser, house.browser(accept="application/json") as other:
        await enter(organiser, room, "organiser")
        await enter(other, room, "moderator")
        for content in (b"<svg onload='alert(1)'/>", b"\x89PNG\r\n\x1a\nxx", b"GIF89a" + b"\0" * 50):
            answer = await organiser.post(f"/f/{room.code}/logo", files={"file": ("a.png", content)})
            assert answer.status_code == 422, content
        assert (await other.post(f"/f/{room.code}/logo", files={"file": ("a.png", picture())})).status_code == 403
        assert (await other.get(f"/f/{room.code}/logo")).status_code == 403
