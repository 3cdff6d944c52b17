"""The cards with one-time codes, to print and cut: one PDF, by typst. The codes exist nowhere else."""

import json
from collections.abc import Sequence

import typst

from live import qr
from live.catalogue import catalogue
from live.documents.paper import plain
from live.places import TEMPLATES
from live.rules import seat_codes
from live.rules.facts import ForumFacts

TEMPLATE = TEMPLATES / "documents" / "seats.typ"


def write(forum: ForumFacts, codes: Sequence[str], first: int, public_url: str) -> bytes:
    """The PDF; ``first`` is the number of the first card. The address in the QR code has the code in its fragment."""
    made = typst.compile(
        TEMPLATE.read_bytes(),
        format="pdf",
        sys_inputs={"seats": described(forum, codes, first, public_url)},
        timestamp=0,
    )
    if not isinstance(made, bytes):
        raise AssertionError("a PDF is one file")
    return made


def described(forum: ForumFacts, codes: Sequence[str], first: int, public_url: str) -> str:
    """Everything that the template reads, as JSON."""
    words, address = catalogue(forum.language), f"{public_url}/f/{forum.code}/seat"
    sheet = {
        "title": forum.title,
        "language": forum.language,
        "address": address.partition("://")[2],
        "words": {name: words(f"print.{name}") for name in ("seat_no", "seat_how")},
        "seats": [
            {"number": number, "code": seat_codes.shown(code), "qr": str(qr.svg(f"{address}#{code}", str(number)))}
            for number, code in enumerate(codes, first)
        ],
    }
    return plain(json.dumps(sheet, ensure_ascii=False))
