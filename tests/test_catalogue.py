"""The texts: the same keys and places in both languages, and English that counts to one."""

import re
from string import Formatter

import pytest
from babel.messages.pofile import read_po

from live.catalogue import LOCALE, catalogue
from live.rules.words import LANGUAGES

VERBS = {"has", "is", "was", "goes"}


def forms(language: str) -> dict[str, tuple[str, ...]]:
    """Key → its text, or its texts for one and for many."""
    with (LOCALE / f"{language}.po").open("rb") as file:
        messages = [message for message in read_po(file, locale=language) if message.id]
    return {
        message.id if isinstance(message.id, str) else message.id[0]: (message.string,)
        if isinstance(message.string, str)
        else tuple(message.string or ())
        for message in messages
    }


def places(text: str) -> set[str]:
    """What a text wants filled in."""
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_both_languages_have_the_same_keys() -> None:
    assert catalogue("id").keys == catalogue("en").keys


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_empty(language: str) -> None:
    assert [key for key, texts in forms(language).items() if not all(text.strip() for text in texts)] == []


def test_both_languages_have_the_same_places_to_fill_in() -> None:
    indonesian = forms("id")
    different = {
        key: (text, indonesian[key][0])
        for key, texts in forms("en").items()
        for text in texts
        # A text for one may leave the number out: "a new question".
        if places(text) != places(indonesian[key][0]) and places(text) | {"n"} != places(indonesian[key][0])
    }
    assert different == {}


def test_english_says_one_thing_and_two_things() -> None:
    wrong = []
    for key, texts in forms("en").items():
        told = texts[0].replace("{n}", "1").replace("{m}", "1")
        wrong += [(key, told) for noun in re.findall(r"(?<!no\. )(?<!No\. )\b1 (\w+s)\b", told) if noun not in VERBS]
    assert wrong == []
    assert all(len(texts) in (1, 2) for texts in forms("en").values())
