"""Golden facts, read back from every paper of one forum; each opens, and none says more than it may."""

import csv
import dataclasses
import hashlib
import io
import json
import zipfile
from datetime import date

import jsonschema
import openpyxl
import pytest

from live.documents import files, record, schema, whole
from live.documents.files import File
from live.rules.facts import EarlierFacts, Facts
from live.rules.papers import Papers
from live.rules.words import Status
from tests.documents import story
from tests.documents.conftest import TODAY
from tests.documents.reading import docx_header, docx_tables, docx_text, level, pdf_pages, pdf_text

BOTH = pytest.mark.parametrize("kind", ["docx", "pdf"])


def text_of(file: File) -> str:
    return docx_text(file.content) if file.name.endswith("docx") else pdf_text(file.content)


def with_papers(facts: Facts, **filled: object) -> Facts:
    """The same forum with other papers."""
    papers: Papers = dataclasses.replace(facts.forum.papers, **filled)  # type: ignore[arg-type]
    return dataclasses.replace(facts, forum=dataclasses.replace(facts.forum, papers=papers))


def test_the_story_is_the_one_that_was_promised(facts: Facts) -> None:
    by = record.totals(facts)["by_status"]
    assert (len(facts.questions), by["answered"], by["written"]) == (96, story.ANSWERED, story.WRITTEN)
    assert len(facts.follow_ups) == story.PROMISED
    assert facts.undecided == []


@BOTH
def test_the_berita_acara_has_every_field_of_the_signed_example(papers: dict[str, File], kind: str) -> None:
    text = text_of(papers[f"berita-acara.{kind}"])
    for words in (
        "PEMERINTAH KOTA BALIKPAPAN",
        "DISDUKCAPIL KOTA BALIKPAPAN",
        "Jalan Contoh 1, Balikpapan 76114",
        "BERITA ACARA HASIL FORUM KONSULTASI PUBLIK (FKP)",
        "TAHUN 2026",
        "Nomor: …",
        "Pada hari ini, Selasa, tanggal dua puluh empat bulan November tahun dua ribu dua puluh enam, pukul 09.00 s.d. "
        "12.00 WITA, bertempat di Aula lantai IV",
        "dihadiri 263 peserta (140 perempuan, 123 laki-laki) dari lima unsur masyarakat",
        "Berdasarkan hasil diskusi dan keputusan bersama menyatakan sebagai berikut:",
        "berkomitmen menindaklanjutinya",
        "akan memantau kemajuan (progress) tindak lanjut",
        "Demikian Berita Acara ini dibuat sebagaimana mestinya",
        "Nama Pejabat",
        "NIP 196501011990031001",
    ):
        assert words in text, words


def test_the_berita_acara_has_its_rows_and_ten_blank_ones_to_sign(papers: dict[str, File]) -> None:
    agreed, signing = docx_tables(papers["berita-acara.docx"].content)
    assert agreed[0] == ["No.", "Identifikasi Masalah", "Usulan Rekomendasi Perbaikan", "Jangka Waktu Penyelesaian"]
    assert len(agreed) == story.PROMISED + 1
    assert agreed[4] == ["4.", "Masalah 4", "Perbaikan 4", "Jangka pendek (14 hari)"]
    assert agreed[3][3] == "Perlu kajian, dijawab 28 Maret 2027"
    assert signing[0] == ["No.", "Nama & No. HP", "Jenis Kelamin (L/P)", "Jabatan/Organisasi", "Tanda Tangan"]
    assert [row[1:] for row in signing[1:]] == [[""] * 4] * 10, "never filled in beforehand"


def test_the_berita_acara_is_two_pages_and_numbers_them(papers: dict[str, File]) -> None:
    pages = pdf_pages(papers["berita-acara.pdf"].content)
    assert len(pages) == 2
    assert [f"{n} / 2" in page for n, page in enumerate(pages, start=1)] == [True, True]
    assert "Masalah 10" in pages[0]
    assert "Tanda Tangan" in pages[1]


def test_headings_can_be_replaced(facts: Facts) -> None:
    other = with_papers(facts, heading_problem="Isu/Permasalahan")
    table = docx_tables(files.make("berita-acara.docx", other, TODAY).content)[0]
    assert table[0][1:3] == ["Isu/Permasalahan", "Usulan Rekomendasi Perbaikan"]


@pytest.mark.parametrize(
    ("filled", "is_draft"),
    [
        ({}, True),
        ({"reference": "400.12/17/2026"}, True),
        ({"signed": date(2026, 11, 24)}, True),
        ({"reference": "400.12/17/2026", "signed": date(2026, 11, 24)}, False),
    ],
)
def test_draf_stands_on_every_paper_until_number_and_date_are_set(
    facts: Facts, filled: dict[str, object], is_draft: bool
) -> None:
    other = with_papers(facts, **filled)
    for name in ("berita-acara", "notula", "rencana-bulanan"):
        written = files.make(f"{name}.docx", other, TODAY).content
        assert ('string="DRAF"' in docx_header(written)) == is_draft, name
        for page in pdf_pages(files.make(f"{name}.pdf", other, TODAY).content):
            assert ("DRAF" in page) == is_draft, name
    signed = text_of(files.make("berita-acara.docx", other, TODAY))
    assert ("Nomor: 400.12/17/2026" in signed) == ("reference" in filled)
    assert ("Balikpapan, 24 November 2026" in signed) == ("signed" in filled)


@BOTH
def test_the_notula_has_every_answer_with_its_note_and_time(facts: Facts, papers: dict[str, File], kind: str) -> None:
    text = text_of(papers[f"notula.{kind}"])
    for words in ("Rapat", "Hari/tanggal", "Pimpinan rapat", "Pencatat", "Peserta", "Wartawan Senior", "Nina"):
        assert words in text
    for number in range(1, story.ANSWERED + 1):
        assert f"Dijawab: nomor {number} selesai bulan depan." in text
    assert "Jawaban tertulis untuk nomor 26." in text
    assert "Akan dijawab tertulis; Kabid Dafduk" in text
    assert f"menyampaikan 96 pertanyaan: {story.ANSWERED} dijawab langsung, {story.WRITTEN} dijawab tertulis" in text


def test_the_plans_have_the_columns_of_their_examples(papers: dict[str, File]) -> None:
    plan = docx_tables(papers["rencana-tindak-lanjut.docx"].content)[0]
    assert plan[0] == ["No.", "Prioritas Unsur", "Program/Kegiatan", "Waktu", "Penanggung Jawab"]
    assert plan[1] == [
        "1.",
        "U2 Sistem, mekanisme, dan prosedur",
        "Perbaikan 1",
        "Jangka menengah (3 bulan)",
        "Kabid Capil",
    ]
    assert docx_tables(papers["rencana-berita-acara.docx"].content)[0][0][1] == "Identifikasi Masalah"
    monthly = docx_tables(papers["rencana-bulanan.docx"].content)[0]
    assert monthly[0][3:7] == ["NOV", "DES", "JAN 2027", "FEB"]
    assert monthly[2][3:8] == ["✓", "✓", "✓", "✓", ""], "due on 28 February"
    assert monthly[10][3:15] == [""] * 12, "no date, no tick"


@BOTH
def test_the_follow_up_report_has_what_was_done_and_the_percentage(papers: dict[str, File], kind: str) -> None:
    text = text_of(papers[f"laporan-tindak-lanjut.{kind}"])
    assert "Sampai dengan 15 Februari 2027, 3 dari 10 rencana tindak lanjut selesai." in text
    assert "× 100% = 30%" in text
    assert "Selesai untuk butir 2." in text
    assert "https://capil.example.id/bukti" in text.replace(" ", "")
    assert "Belum dimulai; Belum ada tanggal" in text


def test_the_attendance_list_is_blank(papers: dict[str, File]) -> None:
    rows = docx_tables(papers["daftar-hadir.docx"].content)[0]
    assert rows[0] == ["No.", "Nama", "Instansi/Organisasi", "Unsur", "Tanda Tangan"]
    assert len(rows) == 41
    assert {cell for row in rows[1:] for cell in row[1:]} == {""}


def test_the_report_has_its_five_chapters(papers: dict[str, File]) -> None:
    text = text_of(papers["laporan-pelaksanaan.pdf"])
    chapters = ["PENDAHULUAN", "PELAKSANAAN", "HASIL", "RENCANA TINDAK LANJUT", "PENUTUP"]
    places = [text.index(f"BAB {n} {title}") for n, title in zip(("I", "II", "III", "IV", "V"), chapters, strict=True)]
    assert places == sorted(places)


def test_the_report_has_the_run_of_show_and_what_became_of_the_last_forum(facts: Facts) -> None:
    before = EarlierFacts("123456", "Forum 2025", facts.forum.starts, facts.follow_ups)
    made = files.make("laporan-pelaksanaan.docx", dataclasses.replace(facts, earlier=before), TODAY)
    text = docx_text(made.content)
    for words in (
        "09.25 Paparan 45 menit",
        "Tindak Lanjut FKP Sebelumnya",
        "Forum 2025: 3 dari 10 tindak lanjut selesai.",
    ):
        assert words in text, words


def test_long_tables_repeat_their_headings_on_every_page(papers: dict[str, File]) -> None:
    pages = [page for page in pdf_pages(papers["notula.pdf"].content) if "Dijawab: nomor" in page]
    assert len(pages) > 1
    assert all("Ringkasan jawaban" in page for page in pages)
    with zipfile.ZipFile(io.BytesIO(papers["notula.docx"].content)) as parts:
        document = parts.read("word/document.xml").decode()
    assert document.count("<w:tblHeader/>") == document.count("<w:tbl>")


def test_the_same_facts_give_the_same_bytes(facts: Facts, papers: dict[str, File]) -> None:
    for name in ("berita-acara.pdf", "rekapitulasi.xlsx"):
        assert files.make(name, facts, TODAY).content == papers[name].content, name


# The recapitulation.


def test_the_workbook_has_typed_cells_filters_and_frozen_headings(papers: dict[str, File]) -> None:
    book = openpyxl.load_workbook(io.BytesIO(papers["rekapitulasi.xlsx"].content))
    assert book.sheetnames == ["Ringkasan", "Pertanyaan", "Tindak Lanjut"]
    questions, promises = book["Pertanyaan"], book["Tindak Lanjut"]
    assert questions.freeze_panes == promises.freeze_panes == "B2"
    assert questions.auto_filter.ref is not None
    assert questions.print_title_rows == "$1:$1"
    assert isinstance(questions["A2"].value, int)
    assert isinstance(questions["I2"].value, __import__("datetime").datetime)
    assert promises["G2"].value.date() == date(2027, 1, 28)
    assert [cell.value for cell in promises[1]][:9] == [
        "No.",
        "Unsur layanan",
        "Identifikasi masalah",
        "Usulan rekomendasi perbaikan",
        "Program/kegiatan",
        "Jangka waktu",
        "Target tanggal",
        "Penanggung jawab",
        "Indikator/keluaran",
    ]
    assert not [cell for sheet in book for row in sheet for cell in row if cell.data_type == "f" or cell.hyperlink]


def test_what_was_not_shown_is_counted_with_its_reason_and_nowhere_in_words(
    facts: Facts, papers: dict[str, File], package: bytes
) -> None:
    hidden = [level(q.text) for q in facts.questions if q.status is Status.REJECTED and len(q.text) > 12]
    assert len(hidden) > 5
    book = openpyxl.load_workbook(io.BytesIO(papers["rekapitulasi.xlsx"].content))
    cells = level(" ".join(str(cell.value) for sheet in book for row in sheet for cell in row))
    words = [cells, *(text_of(file) for name, file in papers.items() if not name.endswith("xlsx"))]
    assert not [text for text in hidden for paper in words if text in paper]
    totals = {row[0].value: row[1].value for row in book["Ringkasan"]}
    rejected = sum(q.status is Status.REJECTED for q in facts.questions)
    assert sum(count for label, count in totals.items() if str(label).startswith("Tidak ditampilkan:")) == rejected


def test_the_json_keeps_its_published_schema(facts: Facts) -> None:
    made = dict(whole.of_kind("json", facts, TODAY, []))
    found = json.loads(made[f"archive-{facts.forum.code}.json"])
    jsonschema.validate(found, schema.RECORD)
    assert len(found["questions"]) == sum(q["status"] != "" for q in found["questions"])
    found["questions"][0]["number"] = "seventeen"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(found, schema.RECORD)


# The package.


def test_the_package_has_exactly_the_names_officials_are_asked_for(package: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(package)) as found:
        names = set(found.namelist())
    papers = {
        "Berita Acara Hasil FKP",
        "Notula",
        "Daftar Hadir",
        "Rencana Tindak Lanjut",
        "Rencana Tindak Lanjut (bentuk Berita Acara)",
        "Rencana Tindak Lanjut Bulanan",
        "Laporan Tindak Lanjut",
        "Laporan Pelaksanaan FKP",
    }
    assert names == {f"{name}.{kind}" for name in papers for kind in ("docx", "pdf")} | {
        "Rekapitulasi Pertanyaan.xlsx",
        "Rekapitulasi Pertanyaan.csv",
        "Rekapitulasi Pertanyaan.json",
        "Rencana Tindak Lanjut.csv",
        "Foto/BACA SAYA.txt",
        "Bukti Tindak Lanjut/Tindak lanjut 1 - 1 foto.jpg",
        "MANIFEST.sha256",
    }


def test_the_manifest_proves_every_file_of_the_package(package: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(package)) as found:
        lines = found.read("MANIFEST.sha256").decode().splitlines()
        listed = dict(line.split("  ", 1)[::-1] for line in lines)
        assert set(listed) == set(found.namelist()) - {"MANIFEST.sha256"}
        for name, digest in listed.items():
            assert hashlib.sha256(found.read(name)).hexdigest() == digest, name


def test_the_csv_of_the_package_is_read_by_a_spreadsheet(package: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(package)) as found:
        rows = list(csv.DictReader(io.StringIO(found.read("Rencana Tindak Lanjut.csv").decode("utf-8-sig"))))
    assert len(rows) == story.PROMISED
    assert (rows[0]["problem"], rows[0]["duration"], rows[0]["element"]) == ("Masalah 1", "3 bulan", "U2")
