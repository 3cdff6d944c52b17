"""A page as a browser holds it, small enough to compare: elements by id, and the order of lists that keep one.

Frames are applied by the rules of design 6.5: replace by id, insert where ``data-in`` and ``data-before`` say, remove
what is "gone"; a bare count also updates ``data-supports`` of its card, as live.js does.
"""

from html.parser import HTMLParser

VOID = {"input", "meta", "link", "br", "img"}
IGNORED = {"data-before"}
PERSONAL = {"mine", "me", "aid", "nudge", "net", "said"}


class Element:
    """One element: tag, attributes, children (elements and texts)."""

    def __init__(self, tag: str, attributes: dict[str, str], parent: "Element | None") -> None:
        self.tag, self.attributes, self.parent = tag, attributes, parent
        self.children: list[Element | str] = []

    @property
    def id(self) -> str:
        return self.attributes.get("id", "")

    def walk(self) -> "list[Element]":
        found = [self]
        for child in self.children:
            if isinstance(child, Element):
                found += child.walk()
        return found

    def text(self) -> str:
        return " ".join(" ".join(c if isinstance(c, str) else c.text() for c in self.children).split())


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("root", {}, None)
        self.at = self.root

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, self.at)
        self.at.children.append(element)
        if tag not in VOID:
            self.at = element

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        assert self.at.tag == tag, f"<{self.at.tag}> closed by </{tag}>"
        assert self.at.parent is not None
        self.at = self.at.parent

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.at.children.append(data)


def parse(html: str) -> Element:
    """The tree of a page or of a frame's elements; every element must be closed."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    assert reader.at is reader.root, f"<{reader.at.tag}> is not closed"
    return reader.root


class Page:
    """A page that takes frames."""

    def __init__(self, html: str) -> None:
        self.root = parse(html)
        ids = [element.id for element in self.root.walk() if element.id]
        assert len(ids) == len(set(ids)), f"ids twice: {sorted(i for i in ids if ids.count(i) > 1)}"

    def find(self, id: str) -> Element | None:
        return next((element for element in self.root.walk() if id and element.id == id), None)

    def apply(self, frame: str) -> None:
        """Apply one frame."""
        _cursor, _, html = frame.partition("\n")
        for element in parse(html).children:
            if isinstance(element, Element):
                self._put(element)

    def _put(self, element: Element) -> None:
        assert element.id, "an element of a frame has an id"
        present = self.find(element.id)
        if element.attributes.get("data-status") == "gone":
            assert not element.text()
            if present is not None:
                assert present.parent is not None
                present.parent.children.remove(present)
        elif present is not None:
            assert present.parent is not None
            siblings = present.parent.children
            siblings[siblings.index(present)] = element
            element.parent = present.parent
            self._recount(element)
        else:
            self._insert(element)

    def _recount(self, element: Element) -> None:
        if not element.id.startswith("n-"):
            return
        card = element.parent
        while card is not None and "data-supports" not in card.attributes:
            card = card.parent
        if card is not None:
            card.attributes["data-supports"] = element.text()

    def _insert(self, element: Element) -> None:
        container = self.find(element.attributes.get("data-in", ""))
        if container is None:
            return
        before = self.find(element.attributes.get("data-before", ""))
        place = container.children.index(before) if before is not None else len(container.children)
        container.children.insert(place, element)
        element.parent = container

    def differences(self, other: "Page") -> list[str]:
        """Where two pages differ; in lists that wait for the reader the order does not count."""
        return _differences(self.body, other.body, "body")

    @property
    def body(self) -> Element:
        return next(element for element in self.root.walk() if element.tag == "body")


def _differences(one: Element, two: Element, path: str) -> list[str]:
    if (one.tag, _kept(one)) != (two.tag, _kept(two)):
        return [f"{path}: <{one.tag} {_kept(one)}> is not <{two.tag} {_kept(two)}>"]
    first, second = _children(one), _children(two)
    if len(first) != len(second):
        return [f"{path}: {[_name(c) for c in first]} is not {[_name(c) for c in second]}"]
    found = []
    for a, b in zip(first, second, strict=True):
        if isinstance(a, Element) and isinstance(b, Element):
            found += _differences(a, b, f"{path} {_name(a)}")
        elif a != b:
            found.append(f"{path}: {_name(a)!r} is not {_name(b)!r}")
    return found


def _kept(element: Element) -> dict[str, str]:
    ignored = IGNORED | ({"data-cursor"} if element.tag == "body" else set())
    return {name: value for name, value in element.attributes.items() if name not in ignored}


def _children(element: Element) -> list[Element | str]:
    children = [
        " ".join(child.split()) if isinstance(child, str) else child
        for child in element.children
        if isinstance(child, str) or child.id not in PERSONAL
    ]
    return sorted(children, key=_name) if element.attributes.get("data-order") == "free" else children


def _name(child: Element | str) -> str:
    return child if isinstance(child, str) else f"{child.tag}#{child.id}" if child.id else child.tag
