"""The 96 messages as citizens type them, and what this forum makes of each."""

import json
from dataclasses import dataclass
from pathlib import Path

import live

MESSAGES = Path(live.__file__).parent / "rehearsal" / "questions.jsonl"
KINDS = ("question", "complaint", "suggestion", "appreciation")

NOT_SHOWN = {
    76: "case",
    79: "pii",
    81: "accuse",
    82: "case",
    83: "rude",
    84: "rude",
    85: "rude",
    86: "sara",
    88: "offtopic",
    89: "offtopic",
    90: "offtopic",
    91: "spam",
    92: "spam",
    93: "spam",
    94: "offtopic",
    95: "offtopic",
    96: "unclear",
}
"""Number → the reason its asker is told."""

REPHRASED = {87: "3 jam menunggu lalu diminta kembali besok. Mohon penjelasannya."}
"""Rejected as rude at first, then given other words and shown: behind the anger stands a question."""

PERSONAL = {
    76: ("0000000000000001", "0812-0000-0001"),
    77: ("0000 0000 0000 0002", "081200000002"),
    78: ("0000000000000003", "0000000000000004"),
    79: ("0813 0000 0005",),
    80: ("warga.contoh@example.com",),
    81: ("0000000006",),
    82: ("6471-0000-0000-0007",),
    91: ("6281200000008",),
}
"""Number → what nobody but the moderators may ever read."""

SPEAKERS = {
    1: "ktp_blanko ktp_masa_berlaku kk kia perubahan_data pindah_datang penduduk_nonpermanen data_ganda jemput_bola",
    2: "akta_kelahiran akta_kematian pencatatan_perkawinan legalisir",
}
"""Speaker → topics; speaker 3 takes the rest."""


@dataclass(frozen=True)
class Message:
    """One message; its ``number`` is its line, since they are asked in this order."""

    number: int
    text: str
    kind: str
    speaker: int

    @property
    def reason(self) -> str | None:
        """Why it is not shown, or None."""
        return NOT_SHOWN.get(self.number)

    @property
    def fate(self) -> str:
        """Where it stands in the end: every fourth that is shown is answered in writing."""
        if self.reason is not None:
            return "rejected"
        return "written" if self.number % 4 == 0 else "answered"

    @property
    def queued_at_once(self) -> bool:
        """Whether the moderator queues it straight from the inbox."""
        return self.fate == "answered" and self.number % 3 == 0 and self.number not in REPHRASED

    @property
    def written_answer(self) -> str | None:
        """What the organiser answered in writing; every eighth number still waits for it."""
        return f"Jawaban tertulis untuk No. {self.number}." if self.fate == "written" and self.number % 8 else None

    @property
    def note(self) -> str | None:
        """What the scribe wrote down of the answer."""
        return f"Dijawab untuk No. {self.number}: tersedia bulan depan." if self.fate == "answered" else None

    @property
    def supporters(self) -> list[int]:
        """The numbers of those whose askers support this one; never its own."""
        if self.reason is not None:
            return []
        return sorted({(self.number * 7 + step * 5) % 96 + 1 for step in range(self.number % 4)} - {self.number})


def messages() -> list[Message]:
    """All of them, in order."""
    rows = [json.loads(line) for line in MESSAGES.read_text("utf-8").splitlines()]
    return [
        Message(number, row["text"], row["kind"] if row["kind"] in KINDS else "question", speaker_of(row["topic"]))
        for number, row in enumerate(rows, start=1)
    ]


def speaker_of(topic: str) -> int:
    """Whose field this is."""
    return next((speaker for speaker, topics in SPEAKERS.items() if topic in topics.split()), 3)


FOLLOW_UPS: list[dict[str, object]] = [
    {
        "question": [1, 2, 3],
        "problem": "Blanko KTP-el habis berbulan-bulan",
        "recommendation": "Stok blanko diumumkan setiap hari",
        "owner": "Kabid Pendaftaran Penduduk",
        "due": "2022-08-31",
        "term": "short",
        "status": "todo",
    },
    {
        "question": [7],
        "problem": "Kuota antrean daring habis dalam lima menit",
        "recommendation": "Kuota ditambah menjadi 200 nomor per hari",
        "owner": "Kepala Seksi Inovasi",
        "due": "2099-01-31",
        "term": "medium",
        "status": "doing",
    },
    {
        "question": [42, 43],
        "problem": "=1+1 loket prioritas belum ada",
        "activity": "Menyiapkan loket khusus lansia dan difabel",
        "owner": "Sekretaris Dinas",
        "due": "2022-07-29",
        "status": "done",
    },
    {
        "question": [10],
        "problem": "Antrean loket tetap dua jam",
        "recommendation": "Pemberitahuan melalui telepon 0812 3456 7890",
        "owner": "",
        "status": "todo",
    },
    {
        "question": [51],
        "problem": "Diminta uang rokok di kelurahan",
        "status": "forwarded",
        "forwarded_to": "Inspektorat Daerah",
    },
]
"""The promises; the fourth names a telephone number, and has neither owner nor date."""
