"""Personal numbers: found in every usual spelling, masked for good, and nothing innocent touched."""

# ruff: noqa: RUF001 - digits and signs that look like others are what is tried here

import json
from itertools import pairwise
from pathlib import Path
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import live
from live.rules.personal import MASK, Found, find, mask

SAMPLE = Path(live.__file__).parent / "rehearsal" / "questions.jsonl"

NIKS = [
    "6471020206800001",
    "6471 0202 0680 0001",
    "647102 020680 0001",
    "647102.020680.0001",
    "64.71.02.020680.0001",
    "64.71.02.02.06.80.0001",
    "6471-0202-0680-0001",
    "6471/0202/0680/0001",
    "6471_0202_0680_0001",
    "6471 - 0202 - 0680 - 0001",
    "64 71 02 42 06 80 00 01",
    "6 4 7 1 0 2 0 2 0 6 8 0 0 0 0 1",
    "6471\u00a00202\u00a00680\u00a00001",
    "6471\u20090202\u20090680\u20090001",
    "6471\u20130202\u20130680\u20130001",
    "6471\u22120202\u22120680\u22120001",
    "6471·0202·0680·0001",
    "６４７１０２０２０６８００００１",
    "６４７１　０２０２　０６８０　０００１",
    "6\u200d4\u200d7\u200d1\u200d0202\u200c06800001",
    "6️⃣4️⃣7️⃣1️⃣0️⃣2️⃣0️⃣2️⃣0️⃣6️⃣8️⃣0️⃣0️⃣0️⃣0️⃣1️⃣",
    "①②③④⑤⑥⑦⑧①②③④⑤⑥⑦⑧",
    "٦٤٧١٠٢٠٢٠٦٨٠٠٠٠١",
    "𝟔𝟒𝟕𝟏𝟎𝟐𝟎𝟐𝟎𝟔𝟖𝟎𝟎𝟎𝟎𝟏",
    "64710202\n06800001",
    "6471 0202\n0680 0001",
    "647102O2O68OOOO1",
    "6471 O2O2 O680 OOO1",
    "64710202068000l2",
    "6.471.020.206.800.001",
    "7102-0206 8000.0112",
    "6471,0202,0680,0001",
    "6471:0202:0680:0001",
    "0000000000000001",
    "0000 0000 0000 0001",
]
PHONES = [
    "081200000001",
    "0812-0000-0001",
    "0812 0000 0001",
    "0812.0000.0001",
    "081.200.000.001",
    "0812 0000001",
    "08 12 00 00 00 01",
    "0812/0000/0001",
    "0812_0000_0001",
    "0811-300-300",
    "08113000300",
    "0859-1234-56789",
    "+6281200000001",
    "+62 812 0000 0001",
    "+62 812-0000-0001",
    "+62-812-0000-0001",
    "62 812 0000 0001",
    "62812-0000-0001",
    "(+62) 812 0000 0001",
    "+62(0)812 0000 0001",
    "0062 812 0000 0001",
    "(0812) 0000 0001",
    "０８１２００００００００",
    "0️⃣8️⃣1️⃣2️⃣0️⃣0️⃣0️⃣0️⃣0️⃣0️⃣0️⃣1️⃣",
    "08l2-O000-OOO1",
    "0812‑0000‑0001",
    "wa.me/6281200000001",
    "https://wa.me/6281200000001?text=halo",
    "https://api.whatsapp.com/send?phone=6281200000001",
    "tel:+6281200000001",
    "(0542) 123456",
    "WA081200000001",
    "Budi-081200000001",
]
LABELLED_PHONES = [
    "hub 0542-123456",
    "telp. 0542 7212345",
    "tlp rumah (0542) 7212345",
    "kontak kami di 021-5551234",
    "hp 812-0000-0001",
    "WA saya: 81200000001",
    "nohp 0811234567",
    "no. HP-nya 812 0000 0001",
    "whatsapp ke 812.0000.0001",
]
EMAILS = [
    "warga.contoh@example.com",
    "WARGA@EXAMPLE.CO.ID",
    "warga_1+kk@mail.example.org",
    "budi@gmail",
    "budi @ gmail.com",
    "budi@ gmail.com",
    "budi at gmail dot com",
    "budi(at)yahoo.co.id",
    "budi [at] gmail [dot] com",
    "siti＠example.com",
    "siti.contoh @gmail.com",
    "siti(dot)contoh(at)gmail(dot)com",
    "mailto:siti@example.net",
    "warga@desa.go.id",
]
ACCOUNTS = [
    "transfer ke rek 0000000006",
    "rekening 1234567890",
    "no rek: 123-456-7890",
    "no.rek 123 456 7890",
    "norek BRI 0000-01-000006-53-0",
    "BCA 1234567890 a.n. Sari",
    "ke 1234567890 (BCA)",
    "1234567890 atas nama Sari",
    "tf ke 1234567890 ya",
    "saya transfer 300rb ke 1234567890",
    "Bank Mandiri 1230000000006",
    "bank kaltimtara 0011223344",
    "rekeningnya BNI, nomor 0123456789",
    "VA 8808123456789012",
    "Bank BNI\n0123456789",
]
INNOCENT = [
    "Tahun 2019 2020 2021 2022 selalu begini",
    "tahun ajaran 2019/2020 2021/2022",
    "2019-2020-2021-2022",
    "Rp300.000",
    "Rp 2.000.000 sampai Rp 10.000.000",
    "harga 10.000.000 - 20.000.000",
    "biaya 25.000/50.000/75.000/100.000",
    "300rb, 50rb, 100 ribu, 1,5 juta, 2jt",
    "Saya transfer Rp 10000000 ke calo",
    "transfer 10000000 ke oknum",
    "bayar Rp1.500.000-2.000.000 lewat BCA",
    "jam 07.30",
    "08.00-12.00, 13.00-16.00",
    "jam 08.00 12.00 13.30 16.00",
    "pukul 08:00-12:00 13:00-16:00",
    "02-06-2022",
    "30/06/2022 09.00-12.00",
    "02/06/2022-30/06/2022",
    "2022-06-30 09:00:00 2022-06-30 12:00:00",
    "tgl 02.06.2022 jam 09.30 di loket 7",
    "lahir 17-08-1945, menikah 01-01-1970",
    "bank BRI tanggal 02-06-2022 jam 08.00",
    "RT 000 RW 000",
    "RT 001/002 No. 12 Balikpapan 76114",
    "loket 7",
    "nomor antrean 123 dari 450",
    "12.345 pendaftar, 9.876 selesai",
    "nomor registrasi 647120220630",
    "No. pengajuan: 2022063012345, ditolak bank",
    "kode tiket 081234567890 sudah saya simpan",
    "INV-081234567890",
    "kode pos 76114",
    "1 MB",
    "HP saya Android 12",
    "sudah coba 7x, 5 menit habis",
    "IKD @dukcapil.balikpapan di IG",
    "follow ig @disdukcapil_bpn",
    "pakai @gmail.com bisa tidak",
    "UU 24/2013 dan PP 96/2012, PermenPANRB 16/2017",
    "UU No. 23 Tahun 2006 jo. UU No. 24 Tahun 2013",
    "call center 1500537",
    "hub kecamatan jam 08.00 tahun 2022",
    "telp kok tidak diangkat dari jam 8 sampai 12",
    "KTP saya 2 lembar, KK 3 lembar, sejak 2019",
    "KK sejak 02-06-2022 belum jadi, 4 kali ditolak",
    "usia 17, 18, 19, 20, 21, 22, 23, 24",
    "rekening koran 3 bulan terakhir",
    "BPJS kelas 1 2 3",
    "lantai 4 ruang 401 402 403 404",
    "versi 1.2.3.4",
    "192.168.100.100",
    "skor 3-1, 2-0, 1-1",
    "Mandiri, BRI dan BCA menolak IKD sejak 2022",
    "1.000.000.000 penduduk",
    "ukuran 1024x768",
    "08.00",
    "0",
    "",
]


@pytest.mark.parametrize("number", NIKS)
@pytest.mark.parametrize("around", ["{}", "NIK saya {} tolong dicek", "cek ({}), terima kasih", "KK:{}.", "no{}ya"])
def test_a_nik_in_any_spacing_is_masked(number: str, around: str) -> None:
    text = around.format(number)
    if around == "no{}ya" and any(char.isascii() and char.isalpha() for char in number):
        return  # letters typed for digits melt into the word around them
    assert mask(text).text == around.format(MASK)
    assert mask(text).kinds == ("nik",)


@pytest.mark.parametrize("number", PHONES)
@pytest.mark.parametrize("around", ["{}", "hubungi saya {} (Sari)", "{} 2 hari tidak dibalas", "nomor: {}, makasih"])
def test_a_telephone_number_in_any_spelling_is_masked(number: str, around: str) -> None:
    masked = mask(around.format(number))
    assert masked.kinds == ("phone",)
    assert not any(char.isdigit() for char in masked.text.replace("2 hari", ""))
    before, after = around.split("{}")
    assert masked.text.startswith(before) and masked.text.endswith(after)


@pytest.mark.parametrize("text", LABELLED_PHONES)
def test_after_a_word_like_hub_a_landline_or_a_number_without_its_zero_is_masked(text: str) -> None:
    assert mask(text).kinds == ("phone",)
    assert not any(char.isdigit() for char in mask(text).text)


@pytest.mark.parametrize("address", EMAILS)
def test_an_email_address_in_any_spelling_is_masked(address: str) -> None:
    masked = mask(f"email saya {address} ya")
    assert masked.kinds == ("email",)
    assert masked.text in (f"email saya {MASK} ya", f"email saya mailto:{MASK} ya")


@pytest.mark.parametrize("text", ACCOUNTS)
def test_an_account_number_near_a_bank_word_is_masked(text: str) -> None:
    masked = mask(text)
    assert MASK in masked.text and masked.kinds in (("account",), ("nik",))
    assert not any(char.isdigit() for char in masked.text.replace("300rb", ""))


@pytest.mark.parametrize("text", INNOCENT)
def test_an_innocent_number_is_left_alone(text: str) -> None:
    assert find(text) == []
    assert mask(text).text == text


@pytest.mark.parametrize(
    ("text", "public", "kinds"),
    [
        ("0812-0000-0001 / 0813-0000-0005", f"{MASK} / {MASK}", ("phone",)),
        ("0000000000000003 dan 0000000000000004", f"{MASK} dan {MASK}", ("nik",)),
        ("KK 0000000000000002. WA 081200000002", f"KK {MASK}. WA {MASK}", ("nik", "phone")),
        ("NIK 0000000000000001 2 kali ditolak", f"NIK {MASK} 2 kali ditolak", ("nik",)),
        ("lahir 02-06-1980 NIK 6471020206800001", f"lahir 02-06-1980 NIK {MASK}", ("nik",)),
        ("NIK 647102 02-06-80 0001 belum", f"NIK {MASK} belum", ("nik",)),
        ("a@example.com,b@example.com", f"{MASK},{MASK}", ("email",)),
        ("belum masuk KK. WA saya 0812000000002", f"belum masuk KK. WA saya {MASK}", ("phone",)),
        ("hub 081200000001 / 0542123456", f"hub {MASK} / {MASK}", ("phone",)),
        ("bayar 300rb ke rek 0000000006", f"bayar 300rb ke rek {MASK}", ("account",)),
    ],
)
def test_several_numbers_go_one_by_one_and_the_rest_stays(text: str, public: str, kinds: tuple[str, ...]) -> None:
    assert (mask(text).text, mask(text).kinds) == (public, kinds)


@pytest.mark.parametrize("text", ["NIK 647102020680001", "nik saya 64710202068000012 tolong", "KK 6471 0202 0680 001"])
def test_a_mistyped_nik_after_its_word_is_masked(text: str) -> None:
    assert mask(text).kinds == ("nik",)
    assert not any(char.isdigit() for char in mask(text).text)


@pytest.mark.parametrize(
    ("text", "kind"),
    [("nol delapan satu dua tiga empat lima enam tujuh delapan sembilan", "phone"), ("budi(at)desa.go.id", "email")],
)
def test_a_number_or_address_spelled_in_words_is_masked(text: str, kind: str) -> None:
    assert (mask(text).text, mask(text).kinds) == (MASK, (kind,))


def test_found_places_are_places_in_the_text_itself_even_after_emoji() -> None:
    text = "😭👨‍👩‍👧 hp ０８１２-0000-0001"
    assert find(text) == [Found("phone", text.index("０"), len(text))]


@pytest.mark.parametrize("piece", ["1 ", "1,", "0812 ", "07.30 ", "1234567890123456 ", "NIK 64710202 ", "rek ", "a.b-"])
def test_the_longest_text_is_searched_in_reasonable_time(piece: str) -> None:
    text = (piece * 2000)[:2000]
    began = perf_counter()
    mask(text)
    assert perf_counter() - began < 2  # takes 0.05 s


PIECES = st.sampled_from(
    [MASK, "08", "12", "0812", "6471", "0000", "1", "16", " ", "-", ".", "/", "\n", "+62", "(", ")", "@", "a",
     "gmail.com", "rek ", "BCA ", "hub ", "NIK ", " ke ", "transfer", "Rp", "rb", "2022", "O", "l", "\u200d", "７",
     "\ufe0f", "e@example.id"]
)  # fmt: skip
TEXTS = st.one_of(st.text(max_size=80), st.lists(PIECES, max_size=40).map("".join))


@settings(max_examples=600, deadline=None)
@given(TEXTS)
def test_what_is_masked_cannot_be_found_again(text: str) -> None:
    once = mask(text)
    assert find(once.text) == []
    assert mask(once.text).text == once.text


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_finds_do_not_overlap_and_stand_in_reading_order(text: str) -> None:
    found = find(text)
    assert all(0 <= one.start < one.end <= len(text) for one in found)
    assert all(one.end <= other.start for one, other in pairwise(found))


@settings(max_examples=300, deadline=None)
@given(
    st.from_regex(r"[1-9][0-9]{15}", fullmatch=True),
    st.sampled_from([" ", ".", "-", "/", " - ", "\u00a0", "\n"]),
    st.lists(st.booleans(), min_size=15, max_size=15),
)
def test_no_digit_of_a_nik_survives_wherever_it_is_cut(digits: str, gap: str, cuts: list[bool]) -> None:
    number = "".join(digit + gap * cut for digit, cut in zip(digits, [*cuts, False], strict=True))
    assert not any(char.isdigit() for char in mask(f"NIK saya {number} ya").text)


def test_the_sample_messages_are_masked_without_a_false_hit(capsys: pytest.CaptureFixture[str]) -> None:
    messages = [json.loads(line) for line in SAMPLE.read_text(encoding="utf-8").splitlines()]
    hits = [bool(mask(message["text"]).kinds) for message in messages]
    right = sum(hit and message["has_personal_data"] for hit, message in zip(hits, messages, strict=True))
    wrong = sum(hit and not message["has_personal_data"] for hit, message in zip(hits, messages, strict=True))
    with capsys.disabled():
        print(f"\npersonal data: {right} of the messages that hold some, {wrong} false hits in {len(messages)}")
    assert right >= 7 and wrong == 0
