"""What becomes of a typed text: nothing invisible, nothing endless, and nothing of any script's own lost."""

# ruff: noqa: RUF001 - letters of many scripts are what is tried here

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from live.rules.refusal import Refusal
from live.rules.text import BYTES_PER_CHARACTER, fold, length, normalise

FAMILY = "👨\u200d👩\u200d👧\u200d👦"


def clean(text: str, **options: bool) -> str:
    return normalise(text, limit=300, **options)


@pytest.mark.parametrize(
    ("raw", "stored"),
    [
        ("Kapan?", "Kapan?"),
        ("  Kapan\t\tKTP   jadi?  ", "Kapan KTP jadi?"),
        ("satu\r\ndua\rtiga\u2028empat\x0blima", "satu\ndua\ntiga\nempat\nlima"),
        ("satu \n \n\n\n dua", "satu\n\ndua"),
        ("a\u00a0\u3000\u2009b", "a b"),
        ("e\u0301", "\u00e9"),
        ("e\u200b\u0301", "\u00e9"),
        ("NIK\0\x01\x1b[31m saya\x7f\x85", "NIK[31m saya"),
        ("rahasia\u202etxt.exe", "rahasiatxt.exe"),
        ("\u2066a\u2067b\u2069c\u200ed\u200fe\u061cf", "abcdef"),
        ("so\u00adal\u200b ka\u2060bar\ufeff", "soal kabar"),
        ("a\u3164b\u115fc\u1160d\uffa0e\u034ff", "abcdef"),
        ("bendera \U0001f3f4\U000e0067\U000e0062\U000e007f ya", "bendera \U0001f3f4 ya"),
        ("a\ue000b\U000f0000c\ufdd0d\u0378e\ud800f", "abcdef"),
        ("Z\u0351\u0352\u0353\u0354\u0355\u0356\u0357algo", "Z\u0353\u0354\u0355algo"),
        ("a\u200d\u200d\u200db", "a\u200db"),
        ("x\u0301\u0302\u0303\u200d\u0304\u200d\u0305\u200d b", "x\u0301\u0302\u0303 b"),
        ("a \u200d b \u0301", "a b"),
        (f"keluarga {FAMILY} saya", f"keluarga {FAMILY} saya"),
        ("bendera 🇮🇩 merah putih ❤️ 👍🏽", "bendera 🇮🇩 merah putih ❤️ 👍🏽"),
        ("emoji baru 🫨🩷🫩 tetap", "emoji baru 🫨🩷🫩 tetap"),
        ("1️⃣ satu", "1️⃣ satu"),
        ("안녕하세요 한국", "안녕하세요 한국"),
        ("\u1112\u1161\u11ab", "한"),
        ("مَرْحَبًا كيف الحال؟", "مَرْحَبًا كيف الحال؟"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("ขอถามเรื่องบัตรประชาชน น้ำ", "ขอถามเรื่องบัตรประชาชน น้ำ"),
        ("क्\u200dष", "क्\u200dष"),
        ("Tiếng Việt", "Tiếng Việt"),
        ("<b>x</b> & 'y'", "<b>x</b> & 'y'"),
        ("٣", "٣"),
        ("7", "7"),
    ],
)  # fmt: skip
def test_a_text_is_stored_without_what_cannot_be_seen(raw: str, stored: str) -> None:
    assert clean(raw) == unicodedata.normalize("NFC", stored)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (None, "wrong_type"),
        (7, "wrong_type"),
        (b"teks", "wrong_type"),
        (["teks"], "wrong_type"),
        ("", "empty"),
        (" \n\t \u00a0\u3000", "empty"),
        ("?!...", "empty"),
        ("😀😀", "empty"),
        ("🇮🇩", "empty"),
        ("\u2800", "empty"),
        ("\u200d\u200d\u200d", "invisible"),
        ("\0\0\0", "invisible"),
        ("\u3164", "invisible"),
        ("\u202e\u2066", "invisible"),
        ("\u0301\u0302", "invisible"),
        ("\ue000", "invisible"),
        ("x" * 301, "too_long"),
        ("한" * 301, "too_long"),
        ("x" * 2401, "too_heavy"),
        ("😀" * 10_000, "too_heavy"),
        (FAMILY * 300, "too_heavy"),
        ("x" + "\u0301" * 10_000, "too_heavy"),
        (" " * 10_000_000, "too_heavy"),
        ("\ud800" * 900, "too_heavy"),
        ("a" + "\U0001d160" * 250, "too_heavy"),  # a musical note: 4 bytes typed, 12 in NFC
    ],
)
def test_a_bad_text_is_refused_with_its_reason(raw: object, reason: str) -> None:
    with pytest.raises(Refusal) as caught:
        normalise(raw, limit=300)
    assert (caught.value.reason, caught.value.status) == (reason, 422)


def test_a_refusal_of_length_says_by_how_many_characters() -> None:
    with pytest.raises(Refusal) as caught:
        normalise("é" * 290 + "e\u0301" * 15, limit=300)
    assert caught.value.params == {"limit": 300, "over": 5}


def test_exactly_the_allowed_length_is_allowed_whatever_the_script() -> None:
    for character in ("x", "é", "e\u0301", "한", "มี", "👍🏽x"):
        text = character * (300 // length(character))
        assert length(normalise(text, limit=300)) == 300


def test_length_counts_what_a_reader_counts() -> None:
    counts = {"": 0, "abc": 3, FAMILY: 1, "🇮🇩": 1, "e\u0301": 1, "1️⃣": 1, "a\nb": 3, "한국": 2, "👍🏽": 1}
    assert {text: length(text) for text in counts} == counts


def test_a_text_of_ten_megabytes_is_refused_before_anything_is_done_with_it() -> None:
    class Untouchable(str):
        def encode(self, *_: object, **__: object) -> bytes:
            raise AssertionError("the whole text was encoded")

    with pytest.raises(Refusal, match="too_heavy"):
        normalise(Untouchable("\u0301" * 10_000_000), limit=300)


def test_at_most_eight_line_breaks_are_kept_and_no_word_is_lost() -> None:
    words = [f"baris{number}" for number in range(20)]
    for gap in ("\n", "\n\n"):
        stored = clean(gap.join(words))
        assert stored.count("\n") <= 8
        assert stored.split() == words
        assert "  " not in stored and "\n " not in stored


def test_a_name_has_no_line_breaks() -> None:
    assert clean("Siti\r\n\nAminah", lines=False) == "Siti Aminah"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("KTP  saya", "ktp saya"),
        ("ＫＴＰ", "ktp"),
        ("Straße", "STRASSE"),
        ("ﬁle", "FILE"),
        ("satu\ndua", "Satu Dua"),
        ("é", "E\u0301"),
    ],
)  # fmt: skip
def test_texts_that_read_the_same_fold_to_the_same(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_texts_that_read_differently_do_not_fold_to_the_same() -> None:
    assert fold("kapan?") != fold("kapan!")
    assert fold("a b") != fold("ab")


ODD = st.sampled_from(
    [
        *"aeo1👩😀🇮🇩\u0301\u0302\u0345\u0323\u200d\u200c\u200b\u202e\ufe0f\u20e3\u1112\u1161\u11ab\u115f\u1160\u0958\ufb2c",
        *"\u2028\ud800\ue000\U000e0067\u0e19\u0e49\u0e33\u094d\u0915\u0600\u0378\u034f\u00c5\u212b \n\t\0\u00a0",
        "\r\n",
    ]
)
TEXTS = st.one_of(st.text(max_size=60), st.lists(ODD, max_size=40).map("".join))


@settings(max_examples=1000)
@given(TEXTS, st.booleans())
def test_normalising_twice_changes_nothing_and_the_result_keeps_every_promise(raw: str, lines: bool) -> None:
    try:
        text = normalise(raw, limit=60, lines=lines)
    except Refusal:
        return
    assert normalise(text, limit=60, lines=lines) == text
    assert text == unicodedata.normalize("NFC", text) == text.strip()
    assert 0 < length(text) <= 60 and len(text.encode()) <= 60 * BYTES_PER_CHARACTER
    assert text.count("\n") <= (8 if lines else 0)
    assert "  " not in text and "\n\n\n" not in text
    assert not any(unicodedata.category(char) in ("Cc", "Cs", "Co") and char != "\n" for char in text)


@settings(max_examples=1000)
@given(TEXTS)
def test_a_text_never_gets_longer(raw: str) -> None:
    try:
        text = normalise(raw, limit=200)
    except Refusal:
        return
    assert len(text) <= len(unicodedata.normalize("NFC", raw))


@given(TEXTS)
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)
