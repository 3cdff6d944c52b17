"""`live test` and `live lint`: the tests with everything they need beside them, and the checks on the code.

Only for a checkout: the installed program has neither tests nor the tools.
"""

import asyncio
import contextlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator

from live.places import ROOT

POSTGRES = "JARING_TEST_POSTGRES"
BENCH_POSTGRES = "BENCH_POSTGRES"
BROWSER = "JARING_TEST_BROWSER"
NAMES = ("chromium", "google-chrome", "google-chrome-stable", "chromium-browser", "chrome", "microsoft-edge", "msedge")
PROGRAMS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)
CHECKS = (
    ("ruff", "check", "."),
    ("ruff", "format", "--check", "."),
    ("mypy",),
)


SPREAD = ("-n", "auto", "--dist", "loadfile")
"""One process per core; the tests of a file stay together, for they share a server."""


class Missing(Exception):
    """Something the tests need cannot be had; the text is one line that says what to install."""


def run(long: bool, paths: list[str]) -> int:
    """Runs pytest with a PostgreSQL and a browser, and returns its exit code. `paths` go to pytest as they are,
    options too; without `long` the tests marked so are left out. Exit code 2: something is missing, in one line."""
    try:
        require("pytest")
        browser = found_browser() or installed_browser()
        if long:
            provide_office()
        with postgres() as dsn:
            chosen = [] if long else ["-m", "not long"]
            return python("pytest", *SPREAD, *chosen, *paths, **{POSTGRES: dsn, BROWSER: browser})
    except Missing as problem:
        say(str(problem))
        return 2


def soak(arguments: list[str]) -> int:
    """Plays forums with random faults until the time is over, and returns its exit code: 1 for a violated invariant."""
    try:
        require("pytest")
    except Missing as problem:
        say(str(problem))
        return 2
    return python("tests.faults.soak", *arguments)


def bench(arguments: list[str]) -> int:
    """Runs the bench in a process of its own, with a PostgreSQL beside it where one is to be had."""
    if not {"--help", "-h"}.isdisjoint(arguments):
        return python("live.bench", *arguments)
    try:
        with postgres() as dsn:
            from tests.postgres import create_database, drop_database

            name = f"jaring_bench_{os.getpid()}"
            url = asyncio.run(create_database(dsn, name))
            try:
                return python("live.bench", *arguments, **{BENCH_POSTGRES: url})
            finally:
                asyncio.run(drop_database(dsn, name))
    except Missing as problem:
        say(str(problem))
        return python("live.bench", *arguments)


def lint() -> int:
    """Runs every check, also after one has failed: 0 when all pass, 1 if not, 2 when a tool is missing."""
    try:
        require("ruff")
        return int(any([python(*check) for check in CHECKS]))
    except Missing as problem:
        say(str(problem))
        return 2


def require(package: str) -> None:
    if not (ROOT / "tests").is_dir() or importlib.util.find_spec(package) is None:
        raise Missing(f"no {package} in this environment: use `python3 -m live test` in a checkout, outside any other")


def python(*module: str, **variables: str) -> int:
    """Runs `python -m module …` at the root of the checkout, on this terminal, and returns its exit code."""
    sys.stdout.flush()
    return subprocess.call([sys.executable, "-m", *module], cwd=ROOT, env={**os.environ, **variables})


@contextlib.contextmanager
def postgres() -> Iterator[str]:
    """One server for all tests and all workers of a run; see tests/postgres.py for where it comes from."""
    from tests.postgres import NoPostgres, server

    try:
        with server() as dsn:
            yield dsn
    except NoPostgres as problem:
        raise Missing(str(problem)) from None


def found_browser() -> str | None:
    """A Chromium on this machine that starts."""
    if chosen := os.environ.get(BROWSER):
        if not starts(chosen):
            raise Missing(f"{BROWSER}={chosen} is no browser that starts")
        return chosen
    candidates = [*filter(None, map(shutil.which, NAMES)), *filter(os.path.exists, PROGRAMS)]
    return next(filter(starts, candidates), None)


def starts(browser: str) -> bool:
    """Whether the program answers. On some machines `chromium` only says how to install it."""
    if sys.platform == "win32":  # there it would open a window
        return os.path.exists(browser)
    try:
        return subprocess.run([browser, "--version"], capture_output=True, timeout=30, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def installed_browser() -> str:
    """A browser installed now: Debian's, or else Playwright's own."""
    say("no Chromium here; installing one")
    if may_use_apt() and succeeds("apt-get", "update", "-qq"):
        succeeds("apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium", "fonts-liberation")
        if browser := found_browser():
            return browser
    deps = ["--with-deps"] if may_use_apt() else []
    if succeeds(sys.executable, "-m", "playwright", "install", *deps, "chromium") and (browser := playwright_browser()):
        return browser
    raise Missing(f"no browser for the tests: install Chromium or Chrome, or name one in {BROWSER}")


def provide_office() -> None:
    """LibreOffice, which the long tests let open every paper; without it those few are skipped and say so."""
    if shutil.which("soffice") is None and may_use_apt() and succeeds("apt-get", "update", "-qq"):
        say("no LibreOffice here; installing Writer and Calc")
        succeeds("apt-get", "install", "-y", "-qq", "--no-install-recommends", "libreoffice-writer", "libreoffice-calc")


def may_use_apt() -> bool:
    return sys.platform == "linux" and shutil.which("apt-get") is not None and os.geteuid() == 0


def playwright_browser() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if starts(path) else None


def succeeds(*command: str) -> bool:
    """Runs a program to its end; what it prints goes to stderr."""
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    return subprocess.run(command, stdout=sys.stderr, stdin=subprocess.DEVNULL, env=quiet, check=False).returncode == 0


def say(text: str) -> None:
    print(f"jaring: {text}", file=sys.stderr, flush=True)
