"""Paket Bukti FKP: one ZIP with what officials are asked to show (PEKPPP indicators 2 and 4, domain notes 1.5).

The manifest has the format of ``sha256sum``: ``sha256sum -c MANIFEST.sha256`` proves that nothing was changed since.
"""

import hashlib
import io
import zipfile
from collections.abc import Iterable
from datetime import date

from live.documents import files, tables
from live.documents.files import File
from live.documents.record import Record
from live.rules.facts import Facts

NAME = "Paket Bukti FKP.zip"
MANIFEST = "MANIFEST.sha256"
PHOTOS = "Foto/BACA SAYA.txt"
PHOTOS_HOW = (
    "Simpan foto kegiatan di folder ini. PEKPPP meminta foto bertanggal:\n"
    "beri nama TAHUN-BULAN-TANGGAL keterangan.jpg, misalnya 2022-06-30 pembukaan.jpg.\n"
)
STAMP = (1980, 1, 1, 0, 0, 0)
"""The oldest time a ZIP can hold: the same facts give the same package."""


def write(facts: Facts, record: Record, today: date, evidence: Iterable[File] = ()) -> File:
    """The package: papers as DOCX and PDF, the recapitulation, the folder for photos, evidence, and the manifest."""
    found = [files.make(name, facts, today) for name in files.names()]
    found += [_table(record, "archive", "Rekapitulasi Pertanyaan", kind) for kind in ("csv", "json")]
    found += [_table(record, "follow-up", "Rencana Tindak Lanjut", "csv")]
    found.append(File(PHOTOS, PHOTOS_HOW.encode(), "text/plain"))
    found += [File(f"Bukti Tindak Lanjut/{each.name}", each.content, each.media_type) for each in evidence]
    return File(NAME, _zipped(found), "application/zip")


def manifest(found: Iterable[File]) -> bytes:
    """One line a file: SHA-256, two spaces, name."""
    lines = (f"{hashlib.sha256(each.content).hexdigest()}  {each.name}\n" for each in found)
    return "".join(lines).encode()


def _zipped(found: list[File]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for each in (*found, File(MANIFEST, manifest(found), "text/plain")):
            package.writestr(zipfile.ZipInfo(each.name, STAMP), each.content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _table(record: Record, name: str, title: str, kind: str) -> File:
    content, media_type = tables.write(record, name, kind)
    return File(f"{title}.{kind}", content, media_type)
