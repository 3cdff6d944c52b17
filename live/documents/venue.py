"""The printed pack for the hall: posters, role cards, paper slips, run of show, emergency page; one PDF, by typst.

Role cards hold the role's secret, so they can be made only from the links that ``jaring forum create`` printed once.
"""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import typst

from live import dates, qr
from live.catalogue import catalogue
from live.documents.paper import plain
from live.places import TEMPLATES
from live.rules.facts import Facts

TEMPLATE = TEMPLATES / "documents" / "venue.typ"
WORDS = (
    "poster or_type code no_phone card_how cards_secret slip slip_no slip_name slip_seat slip_field slip_how show at "
    "item minutes done before emergency emergency_how trouble remedy phone_numbers"
).split()
TROUBLES = ("phone", "wifi", "screen", "program", "laptop", "power", "words", "backup")
BEFORE = ("check", "rehearse", "backup", "second", "paper", "card")
ROLES = ("moderator", "scribe", "helper", "screen", "organiser")


def write(facts: Facts, links: Mapping[str, Any], slips: int = 1) -> bytes:
    """The PDF. ``links`` as ``forum create --json`` prints them; ``slips`` is the number on the first paper slip."""
    made = typst.compile(
        TEMPLATE.read_bytes(), format="pdf", sys_inputs={"venue": described(facts, links, slips)}, timestamp=0
    )
    if not isinstance(made, bytes):
        raise AssertionError("a PDF is one file")
    return made


def described(facts: Facts, links: Mapping[str, Any], slips: int) -> str:
    """Everything that the template reads, as JSON."""
    forum = facts.forum
    words = catalogue(forum.language)
    address = str(links["participant"])
    venue = {
        "title": forum.title,
        "agency": forum.agency,
        "place": forum.place,
        "language": forum.language,
        "when": dates.span(forum.starts, forum.ends, forum.timezone, forum.language),
        "address_short": address.partition("://")[2].partition("/f/")[0],
        "code_spaced": f"{forum.code[:3]} {forum.code[3:]}",
        "qr": str(qr.svg(address, address)),
        "roles": _roles(facts, links),
        "slips": [slips + place for place in range(4)],
        "agenda": _agenda(facts),
        "before": [words(f"print.before_{name}") for name in BEFORE],
        "troubles": [[words(f"print.trouble_{name}"), words(f"print.remedy_{name}")] for name in TROUBLES],
        "words": {name: words(f"print.{name}") for name in WORDS},
    }
    return plain(json.dumps(venue, ensure_ascii=False))


def _roles(facts: Facts, links: Mapping[str, Any]) -> list[dict[str, str]]:
    words = catalogue(facts.forum.language)
    found = [(name, words(f"print.role_{name}"), links[name]) for name in ROLES if name in links]
    for speaker, address in zip(facts.speakers, links.get("speakers", ()), strict=False):
        found.append(("speaker", f"{words('print.role_speaker')} {speaker.position}: {speaker.field}", address))
    return [
        {"name": name, "task": words(f"print.task_{role}"), "address": address, "qr": str(qr.svg(address, name))}
        for role, name, address in found
    ]


def _agenda(facts: Facts) -> list[dict[str, Any]]:
    """Each item with the time at which it begins when all before keep theirs."""
    at, found = facts.forum.starts, []
    for item in facts.agenda:
        clock = dates.local(at, facts.forum.timezone)
        found.append({"at": f"{clock:%H.%M}", "title": item.title, "minutes": item.minutes})
        at += timedelta(minutes=item.minutes)
    return found
