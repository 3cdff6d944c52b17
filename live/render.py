"""Templates: pages, and the parts that pages and frames share.

Everything is escaped; a missing name is an error, not an empty place. Templates get views (:mod:`live.rules.audience`),
never rows.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, Literal

from babel.numbers import format_decimal
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from jinja2.ext import Extension
from markupsafe import Markup, escape

from live import dates
from live.catalogue import catalogue
from live.places import TEMPLATES
from live.qr import svg
from live.rules import views
from live.rules.audience import Viewer
from live.rules.facts import Facts
from live.rules.layout import Lists
from live.rules.views import View
from live.rules.words import Audience

FOLDERS = {
    Audience.PARTICIPANT: "phone",
    Audience.HELPER: "phone",
    Audience.PUBLIC: "record",
    Audience.SCREEN: "screen",
    Audience.MODERATOR: "desk",
    Audience.ORGANISER: "manage",
    Audience.SCRIBE: "scribe",
    Audience.SPEAKER: "speaker",
}
"""The folder below ``templates/parts`` that holds the parts of an audience's page."""

INDENTATION = re.compile(r"^[ \t]+", re.MULTILINE)


class Unindented(Extension):
    """Takes the indentation out of the templates when they are read: every phone would pay for it."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        return INDENTATION.sub("", source)


class Renderer:
    """Renders with one environment; ``static`` is the address of the static files, ``public_url`` ours."""

    def __init__(self, static: str, public_url: str, clock: Callable[[], datetime]) -> None:
        self._environment = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            cache_size=400,
            extensions=[Unindented],
        )
        self._environment.globals |= {"static": static, "public_url": public_url, "catalogue": catalogue}
        self._environment.filters |= {
            "clock": dates.clock,
            "day": dates.day,
            "plus": dates.plus,
            "moment": dates.moment,
            "code": lambda code: f"{code[:3]} {code[3:]}",
            "percent": _percent,
            "strong": _strong,
        }
        self._environment.globals["span"] = dates.span
        self._environment.globals["qr_of"] = svg
        self._environment.globals["qr"] = lambda code, label: svg(f"{public_url}/f/{code}", label)
        self._environment.globals["qr_of"] = svg
        # The forum's local day, for "overdue": the one thing on a page that changes without a journal entry.
        self._environment.globals["today"] = lambda zone: dates.local(clock(), zone).date().isoformat()

    def page(self, name: str, language: str, /, **context: Any) -> str:
        """The page ``templates/pages/<name>.html``."""
        return self._template(f"pages/{name}.html").render(_words(language) | context | {"parts": self._inner(context)})

    def part(self, name: str, viewer: Viewer, *, state: View, lists: Lists, **chosen: Any) -> str:
        """A part beside the cards: ``templates/parts/<folder>/<name>.html``.

        ``chosen`` is what a page that does not follow was asked for (a filter); frames never have it.
        """
        context = _about(state, viewer) | {"lists": lists} | chosen
        return self._template(f"parts/{FOLDERS[viewer.audience]}/{name}.html").render(context)

    def card(
        self,
        viewer: Viewer,
        *,
        state: View,
        question: View,
        where: str,
        before: int | None = None,
        mark: Literal["supported", "own", ""] = "",
    ) -> str:
        """One question's card on the page of this viewer, in the list ``where``.

        ``mark`` is personal: only for a page that is put together for one browser without JavaScript.
        """
        context = _about(state, viewer) | {"q": question, "where": where, "before": before, "mark": mark}
        return self._template(f"parts/{FOLDERS[viewer.audience]}/card.html").render(context)

    def promise(self, viewer: Viewer, *, state: View, follow_up: View) -> str:
        """One follow-up on the page of this viewer."""
        context = _about(state, viewer) | {"f": follow_up}
        return self._template(f"parts/{FOLDERS[viewer.audience]}/promise.html").render(context)

    def piece(self, name: str, language: str, /, **context: Any) -> str:
        """A part that belongs to no audience's page: ``templates/parts/<name>.html``."""
        return self._template(f"parts/{name}.html").render(_words(language) | context)

    def about(self, state: View, viewer: Viewer) -> dict[str, Any]:
        """What a page about a forum may use."""
        return _about(state, viewer)

    def forum_view(self, facts: Facts) -> View:
        """The forum alone, for pages that belong to one person."""
        return views.forum(facts)

    def _inner(self, context: Mapping[str, Any]) -> dict[str, Any]:
        """What a page calls to include its parts, so that page and frame use the same ones."""
        viewer, state = context.get("viewer"), context.get("state")
        if viewer is None or state is None:
            return {}
        lists = context["lists"]
        views = {q["number"]: q for q in state["questions"]}

        def one(name: str, **chosen: Any) -> Markup:
            made = self.part(name, viewer, state=state, lists=lists, **chosen)
            return Markup(made)  # noqa: S704 - a rendered template

        marks = _marks(context.get("mine"))

        def cards(where: str) -> Markup:
            made = (
                self.card(viewer, state=state, question=views[n], where=where, mark=marks.get(n, ""))
                for n in lists[where]
            )
            return Markup("".join(made))  # noqa: S704 - rendered templates

        def promises(some: Iterable[View] | None = None) -> Markup:
            chosen = state["follow_ups"] if some is None else some
            made = (self.promise(viewer, state=state, follow_up=f) for f in chosen)
            return Markup("".join(made))  # noqa: S704 - rendered templates

        return {"one": one, "cards": cards, "promises": promises}

    def _template(self, name: str) -> Template:
        return self._environment.get_template(name)


def _words(language: str) -> dict[str, Any]:
    return {"t": catalogue(language), "language": language}


def _marks(mine: Mapping[str, Any] | None) -> dict[int, Literal["supported", "own", ""]]:
    """Which questions one participant supports or asked."""
    if mine is None:
        return {}
    supported: dict[int, Literal["supported", "own", ""]] = {number: "supported" for number in mine["supported"]}
    return supported | {question["number"]: "own" for question in mine["questions"]}


def _about(state: View, viewer: Viewer) -> dict[str, Any]:
    """What every part may use: the state, the forum, the texts, and the address everything hangs on."""
    forum = state["forum"]
    return _words(viewer.language) | {
        "s": state,
        "forum": forum,
        "viewer": viewer,
        "base": f"/f/{forum['code']}",
        "speakers": {speaker["position"]: speaker for speaker in forum["speakers"]},
    }


def _percent(value: float, language: str) -> str:
    """``41,7%`` (Indonesian) or ``41.7%``; whole numbers without a decimal."""
    return f"{format_decimal(value, format='0.#', locale=language)}%"


def _strong(text: str, **params: object) -> Markup:
    """A text of the catalogue, asked for without its parameters, with each of them filled in as ``<b>``."""
    return escape(text).format(**{name: Markup("<b>{}</b>").format(value) for name, value in params.items()})
