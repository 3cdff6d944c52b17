"""Every text a person reads, in two languages, from the ``.po`` files in ``live/locale`` (no compiled files).

The ``msgid`` is a short key (``q.send``), so that a text can be improved without touching code. Indonesian has one
form; English may have a plural form, chosen by the parameter ``n``.
"""

from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

from live.rules.words import LANGUAGES

LOCALE = Path(__file__).parent / "locale"


class Catalogue:
    """The texts of one language. A key without a text is a programming error and raises ``KeyError``."""

    def __init__(self, language: str, texts: dict[str, tuple[str, ...]]) -> None:
        self.language = language
        self._texts = texts

    def __call__(self, key: str, **params: object) -> str:
        """The text for ``key`` with ``{name}`` filled in from ``params``."""
        forms = self._texts[key]
        text = forms[0] if len(forms) == 1 or params.get("n") == 1 else forms[1]
        return text.format(**params) if params else text

    def __contains__(self, key: str) -> bool:
        """Whether there is a text for ``key``."""
        return key in self._texts

    @property
    def keys(self) -> frozenset[str]:
        """All keys."""
        return frozenset(self._texts)


@cache
def catalogue(language: str) -> Catalogue:
    """The catalogue of ``id`` or ``en``."""
    with (LOCALE / f"{language}.po").open("rb") as file:
        messages = read_po(file, locale=language)
    texts = {}
    for message in messages:
        if message.id:
            key = message.id if isinstance(message.id, str) else message.id[0]
            texts[key] = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
    return Catalogue(language, texts)


def best_language(*wanted: str | None) -> str:
    """The first of ``wanted`` that we speak, else Indonesian."""
    return next((language for language in wanted if language in LANGUAGES), LANGUAGES[0])
