"""All files of one forum by kind, for the command line and for the package: organisers get the whole of it."""

from collections.abc import Iterable, Iterator
from datetime import date

from live.documents import files, pack, record, tables
from live.documents.files import File
from live.rules.audience import Viewer
from live.rules.facts import Facts
from live.rules.words import Audience
from live.store.models import Evidence

KINDS = ("json", "csv", "xlsx", "docx", "pdf", "zip")


def of_kind(kind: str, facts: Facts, today: date, evidence: Iterable[File]) -> Iterator[tuple[str, bytes]]:
    """Names (with the forum's code) and contents of the files of this kind."""
    code = facts.forum.code
    made = record.of(facts, Viewer(Audience.PUBLIC, facts.forum.language), whole=True)
    if kind in tables.KINDS:
        for name in ("archive", "follow-up"):
            yield f"{name}-{code}.{kind}", tables.write(made, name, kind)[0]
    if kind == "zip":
        yield f"paket-bukti-{code}.zip", pack.write(facts, made, today, evidence).content
    for name in files.names():
        stem, _, ending = name.partition(".")
        if ending == kind:
            yield f"{stem}-{code}.{kind}", files.make(name, facts, today).content


def named(evidence: Iterable[tuple[int, Evidence]]) -> list[File]:
    """Evidence with names that say to which follow-up it belongs, each only once."""
    return [
        File(f"Tindak lanjut {number} - {kept.id} {kept.name}", kept.content, kept.media_type)
        for number, kept in evidence
    ]
