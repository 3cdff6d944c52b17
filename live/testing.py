"""`live test` and `live lint`: the tests with everything they need beside them, and the checks on the code.

Only for a checkout: the installed program has neither tests nor the tools.
"""

import asyncio
import contextlib
import importlib.util
import os
import subprocess
import sys
from collections.abc import Iterator

from live import providing
from live.places import ROOT
from live.providing import BROWSER, Missing, say

POSTGRES = "JARING_TEST_POSTGRES"
BENCH_POSTGRES = "BENCH_POSTGRES"
CHECKS = (
    ("ruff", "check", "."),
    ("ruff", "format", "--check", "."),
    ("mypy",),
)


SPREAD = ("-n", "auto", "--dist", "loadfile")
"""One process per core; the tests of a file stay together, for they share a server."""


NO_TESTS = 5
"""pytest's exit code when nothing was chosen."""


def run(long: bool, paths: list[str]) -> int:
    """Runs pytest with a PostgreSQL and a browser, and returns its exit code. `paths` go to pytest as they are,
    options too. With `long` the tests marked so follow, one after the other: they hurt machines and measure.
    Exit code 2: something is missing, in one line."""
    try:
        require("pytest")
        browser = providing.browser()
        if long:
            providing.provide_programs()
        with postgres() as dsn:
            found = {POSTGRES: dsn, BROWSER: browser}
            codes = [python("pytest", *SPREAD, "-m", "not long", *paths, **found)]
            if long:
                codes.append(python("pytest", "-m", "long", *paths, **found))
    except Missing as problem:
        say(str(problem))
        return 2
    chosen = [code for code in codes if code != NO_TESTS]
    return max(chosen, default=NO_TESTS)


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
