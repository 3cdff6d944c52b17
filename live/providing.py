"""What the tests drive and no Python package brings: a browser, an office, a web server, tools that hurt.

Each is taken from the machine, else installed where that may be done, else named in one line.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from live.places import ROOT

BROWSER = "JARING_TEST_BROWSER"
NAMES = ("chromium", "google-chrome", "google-chrome-stable", "chromium-browser", "chrome", "microsoft-edge", "msedge")
PROGRAMS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)
PACKAGES = {
    "soffice": ("libreoffice-writer", "libreoffice-calc"),
    "nginx": ("nginx-light",),
    "systemd-analyze": ("systemd",),
    "strace": ("strace",),
    "faketime": ("faketime",),
    "ip": ("iproute2",),
    "npm": ("npm",),
}
"""Programs that the long tests drive on Linux, and Debian's packages of them."""


class Missing(Exception):
    """Something the tests need cannot be had; the text is one line that says what to install."""


def browser() -> str:
    """A Chromium that starts."""
    return found_browser() or installed_browser()


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


def provide_programs() -> None:
    """Everything the long tests drive, on Linux; elsewhere the tests that need Linux say that they do."""
    absent = [name for name in PACKAGES if shutil.which(name) is None]
    if sys.platform != "linux" or not absent:
        return
    say(f"not on this machine: {', '.join(absent)}; installing")
    if may_use_apt() and succeeds("apt-get", "update", "-qq"):
        for name in absent:
            succeeds("apt-get", "install", "-y", "-qq", "--no-install-recommends", *PACKAGES[name])
    if still := [package for name in absent if shutil.which(name) is None for package in PACKAGES[name]]:
        raise Missing(f"the long tests need these Debian packages: {' '.join(still)}")


def lighthouse() -> str:
    """The Lighthouse that its lock names, installed beside the lock once."""
    folder = ROOT / "tests" / "lighthouse"
    lock, installed = folder / "package-lock.json", folder / "node_modules" / ".package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < lock.stat().st_mtime:
        npm = shutil.which("npm")
        if npm is None or not succeeds(npm, "ci", "--no-audit", "--no-fund", "--loglevel=error", within=folder):
            raise Missing("no Lighthouse: it is installed by npm, from Node 18.16 or newer")
    return str(folder / "node_modules" / ".bin" / ("lighthouse.cmd" if sys.platform == "win32" else "lighthouse"))


def may_use_apt() -> bool:
    return sys.platform == "linux" and shutil.which("apt-get") is not None and os.geteuid() == 0


def playwright_browser() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if starts(path) else None


def succeeds(*command: str, within: Path | None = None) -> bool:
    """Runs a program to its end; what it prints goes to stderr."""
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    ended = subprocess.run(command, cwd=within, stdout=sys.stderr, stdin=subprocess.DEVNULL, env=quiet, check=False)
    return ended.returncode == 0


def say(text: str) -> None:
    print(f"jaring: {text}", file=sys.stderr, flush=True)
