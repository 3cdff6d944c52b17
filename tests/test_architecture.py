"""Imports go one way, and the rules stay pure: read from the syntax of every file in live/."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FILES = sorted((ROOT / "live").rglob("*.py"))

# What each part may import besides itself, the standard library and installed packages. A part that is not
# named here fails: say first where it belongs.
LEAVES = {"live", "places", "settings", "metrics"}
SHOWING = {"render", "catalogue", "dates", "qr"}  # from values to what a person reads
BELOW_WEB = {"rules", "store", "actions", "push", "documents", *SHOWING}
MAY_IMPORT: dict[str, set[str]] = {
    "live": set(),
    "rules": set(),
    "store": {"rules", *LEAVES},
    "actions": {"rules", "store", *LEAVES},
    "push": {"rules", "store", *SHOWING, *LEAVES},
    "documents": {"rules", "store", *SHOWING, *LEAVES},
    "web": {*BELOW_WEB, *LEAVES},
    "bench": set(),  # it measures from outside, over HTTP and WebSocket
    "yardsticks": {"app", "serving", "web", *BELOW_WEB, *LEAVES},
    "rehearsal": set(),  # a stranger: it knows the public interface only
    "locale": set(),
    "places": set(),
    "metrics": set(),
    "connections": set(),
    "certificate": set(),
    "logs": set(),
    "settings": {"live", "places", "rules"},
    "render": {"rules", *SHOWING, *LEAVES},
    "catalogue": {"rules", *LEAVES},
    "dates": {"rules", *LEAVES},
    "qr": set(),
    "mail": {*LEAVES},
    "reminding": {"rules", "store", "mail", *SHOWING, *LEAVES},
    "app": {"web", "reminding", *BELOW_WEB, *LEAVES},
    "terminal": {"store", *LEAVES},
    "serving": {"app", "actions", "workers", "push", "store", "logs", "connections", "certificate", *LEAVES},
    "workers": {"serving", "logs", *LEAVES},
    "operating": {"serving", "terminal", "documents", "actions", "rules", "store", *LEAVES},
    "demo": {"serving", "actions", "rules", "store", *LEAVES},
    "forums": {"web", "serving", "terminal", *BELOW_WEB, *LEAVES},
    "cli": {"app", "forums", "serving", "demo", "rehearsal", "testing", "terminal", "operating", *BELOW_WEB, *LEAVES},
    "testing": {"places", "providing", "live"},
    "providing": {"places"},
    "bootstrap": {"cli"},
    "__main__": {"bootstrap"},
}
# The rules may use these: they compute and touch nothing.
PURE_PACKAGES = {"regex", "lokal", "holidays", "zxcvbn"}
# A clock, chance, the disk, the network, other programs or threads: what the rules may not touch.
IMPURE_MODULES = set(
    "time random secrets os io pathlib tempfile shutil sqlite3 socket ssl http urllib.request asyncio threading "
    "multiprocessing subprocess concurrent logging locale".split()
)
CLOCKS = {"now", "utcnow", "today"}


def part(path: Path) -> str:
    """`live/rules/text.py` → `rules`, `live/app.py` → `app`, `live/__init__.py` → `live`."""
    first = path.relative_to(ROOT / "live").parts[0].removesuffix(".py")
    return "live" if first == "__init__" else first


def short(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def package(path: Path) -> tuple[str, ...]:
    """What relative imports in the file start from."""
    return path.relative_to(ROOT).parent.parts


def imports(source: str, package: tuple[str, ...] = ()) -> Iterator[str]:
    """Full names of all that a file imports, wherever in it: under `if TYPE_CHECKING` and in functions too."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        if isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            yield from (".".join([*base, *filter(None, [node.module]), alias.name]) for alias in node.names)


def imported_parts(source: str, package: tuple[str, ...]) -> set[str]:
    """The parts of this program that a file imports; `from live import __version__` is the part `live`."""
    names = [name.split(".") for name in imports(source, package)]
    ours = {name[1] if len(name) > 1 else "live" for name in names if name[0] == "live"}
    return {name if name in MAY_IMPORT else "live" for name in ours}


def test_every_part_has_its_place() -> None:
    assert {part(path) for path in FILES} <= set(MAY_IMPORT)


@pytest.mark.parametrize("path", FILES, ids=short)
def test_imports_go_one_way(path: Path) -> None:
    allowed = MAY_IMPORT.get(part(path), set()) | {part(path)}
    reached = imported_parts(path.read_text("utf-8"), package(path))
    assert reached <= allowed, f"{short(path)} may import {sorted(allowed)} of live, no more"


RULES = [path for path in FILES if part(path) == "rules"]


@pytest.mark.parametrize("path", RULES, ids=short)
def test_the_rules_import_only_what_is_pure(path: Path) -> None:
    names = [name.split(".") for name in imports(path.read_text("utf-8"), package(path))]
    assert {name[0] for name in names} <= sys.stdlib_module_names | PURE_PACKAGES | {"live"}
    assert not {".".join(name[:end]) for name in names for end in (1, 2)} & IMPURE_MODULES


@pytest.mark.parametrize("path", RULES, ids=short)
def test_the_rules_read_no_clock_and_open_no_file(path: Path) -> None:
    calls = [node.func for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)]
    assert not [call.attr for call in calls if isinstance(call, ast.Attribute) and call.attr in CLOCKS]
    assert not [call.id for call in calls if isinstance(call, ast.Name) and call.id in {"open", "input", "print"}]


def test_the_reader_of_imports_sees_every_kind() -> None:
    source = (
        "import live.store.x\nfrom live import web, __version__\ndef f():\n from ..rules import y\n from . import z"
    )
    assert imported_parts(source, ("live", "push")) == {"store", "web", "live", "rules", "push"}
