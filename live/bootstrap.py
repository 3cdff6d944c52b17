"""Makes `.venv` beside the code from a lock with hashes, then starts the same command again inside it.

Standard library only: nothing else is installed when this runs. Everything said goes to stderr.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import sysconfig
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RUNTIME = "live/requirements.lock"
TESTS = "tests/requirements.lock"  # holds everything RUNTIME holds, and more
DEVELOPING = {"test", "bench", "lint", "soak"}
OLDEST = (3, 11)


class Unavailable(Exception):
    """The environment cannot be made here; the text is one line that says what to do about it."""


def enter(arguments: list[str]) -> int:
    """Runs the command line and returns its exit code; where an environment has to be entered first, the
    process is replaced. Exit code 2: no environment can be had, and stderr says why in one line."""
    try:
        if not settled(arguments):
            return start_inside(Environment(ROOT), arguments)
    except (Unavailable, OSError) as problem:
        say(str(problem))
        return 2
    except KeyboardInterrupt:
        return 130
    from live.cli import main

    main(prog_name="jaring")
    return 0


def settled(arguments: list[str]) -> bool:
    """Whether this Python has what the command needs: an installed `jaring`, somebody's own environment, or
    our `.venv` when it is up to date."""
    if not (ROOT / "pyproject.toml").exists():
        return True
    ours = Environment(ROOT)
    if Path(sys.prefix).resolve() == ours.folder.resolve():
        return ours.has(wanted(arguments))
    return sys.prefix != sys.base_prefix and importlib.util.find_spec("litestar") is not None


def wanted(arguments: list[str]) -> str:
    """The lock that the command needs."""
    command = next((word for word in arguments if not word.startswith("-")), "")
    return TESTS if command in DEVELOPING else RUNTIME


def start_inside(environment: Environment, arguments: list[str]) -> int:
    """Makes the environment if need be and starts the command in it, wherever the person stands."""
    if sys.version_info < OLDEST:
        raise Unavailable(f"Python {OLDEST[0]}.{OLDEST[1]} or newer is needed; this is {sys.version.split()[0]}")
    environment.provide(wanted(arguments))
    paths = [str(environment.root), *filter(None, [os.environ.get("PYTHONPATH")])]
    variables = {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
    command = [str(environment.python), "-m", "live", *arguments]
    if sys.platform == "win32":
        # No exec there: its imitation returns to the shell while the child still runs.
        with contextlib.suppress(KeyboardInterrupt):
            return subprocess.call(command, env=variables)
        return 130
    os.execve(command[0], command, variables)


class Environment:
    """The `.venv` of a checkout. Its stamp says which locks and which Python it was made from, and is written
    last: an environment without a stamp was interrupted, and is made anew."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = root / ".venv"
        self.stamp = self.folder / "jaring-stamp"
        self.python = self.folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")

    def has(self, lock: str) -> bool:
        """Whether the environment was made from `lock` as it is now, for this Python."""
        return {this_python(), self.line(lock)} <= self.stamped() and self.python.exists()

    def provide(self, lock: str) -> None:
        """Makes `has(lock)` true. Of two starts at once the second waits. What once served tests always does."""
        if self.has(lock):
            return
        with locked(self.root / ".venv.lock"):
            if not self.has(lock):
                self.build(TESTS if self.serves_tests() else lock)

    def build(self, lock: str) -> None:
        """Installs `lock` and stamps the environment when all of it is there."""
        whole = this_python() in self.stamped() and self.python.exists()
        if not whole and not self.uv():
            require_ensurepip()
        say(f"setting up .venv from {lock}; this is done once and takes up to a minute")
        self.stamp.unlink(missing_ok=True)
        self.fill(lock, whole)
        locks = [RUNTIME, TESTS] if lock == TESTS else [RUNTIME]
        self.stamp.write_text("\n".join([this_python(), *map(self.line, locks)]) + "\n", "utf-8")

    def fill(self, lock: str, whole: bool) -> None:
        """Every package of `lock`, compared with its hash, in a new environment unless this one is `whole`."""
        uv = self.uv()
        if uv and self.filled_by_uv(uv, lock, whole):
            return
        # Also when uv could not: it does not read pip's settings, and may not reach what pip reaches.
        self.fill_by_pip(lock, whole and not uv)

    def filled_by_uv(self, uv: str, lock: str, whole: bool) -> bool:
        """Whether uv could do it; an environment that is not `whole` is made anew."""
        if not whole and not self.made(uv, "venv", "--quiet", "--no-project", "--python", base_python()):
            return False
        sync = ("pip", "sync", "--quiet", "--python", str(self.python), "--require-hashes")
        return succeeds(uv, *sync, str(self.root / lock))

    def fill_by_pip(self, lock: str, whole: bool) -> None:
        if not whole or not self.owns_pip():
            require_ensurepip()
            if not self.made(base_python(), "-m", "venv"):
                raise Unavailable(f"set-up failed: {base_python()} could not make an environment in {self.folder}")
        pip = (str(self.python), "-m", "pip", "-qq", "--disable-pip-version-check", "--no-input")
        if not succeeds(*pip, "install", "--no-deps", "--require-hashes", "-r", str(self.root / lock)):
            raise Unavailable(f"set-up failed: pip could not install the packages of {lock}")

    def uv(self) -> str | None:
        """The uv of this machine; not one inside the environment, which may be about to go."""
        found = shutil.which("uv")
        return None if found and Path(found).is_relative_to(self.folder) else found

    def made(self, *command: str) -> bool:
        """Whether `command` could make an empty environment, in place of whatever was there."""
        shutil.rmtree(self.folder, ignore_errors=True)
        return succeeds(*command, str(self.folder))

    def owns_pip(self) -> bool:
        """False for an environment that uv made."""
        return (
            any(self.folder.glob("lib/python*/site-packages/pip")) or (self.folder / "Lib/site-packages/pip").exists()
        )

    def stamped(self) -> set[str]:
        """The lines of the stamp; none if there is no stamp."""
        try:
            return set(self.stamp.read_text("utf-8").splitlines())
        except OSError:
            return set()

    def serves_tests(self) -> bool:
        return any(line.startswith(TESTS) for line in self.stamped())

    def line(self, lock: str) -> str:
        """The stamp's line for `lock`."""
        return f"{lock} {hashlib.sha256((self.root / lock).read_bytes()).hexdigest()}"


def this_python() -> str:
    """The stamp's line for this Python. Without its patch number: the packages fit all of, say, 3.12."""
    return f"python {sys.implementation.cache_tag} {sysconfig.get_platform()}"


def base_python() -> str:
    """The Python that environments are made from, also when this one is in an environment."""
    return getattr(sys, "_base_executable", "") or sys.executable


def require_ensurepip() -> None:
    if importlib.util.find_spec("ensurepip") is None:
        raise Unavailable("this Python cannot make environments; on Debian or Ubuntu: apt install python3-venv")


def succeeds(*command: str) -> bool:
    """Runs a program to its end. What it prints goes to stderr: stdout belongs to the command."""
    # It inherits the lock: if this process dies first, the next start waits for the orphan too.
    done = subprocess.run(command, stdout=sys.stderr, stdin=subprocess.DEVNULL, close_fds=False, check=False)
    return done.returncode == 0


def say(text: str) -> None:
    print(f"jaring: {text}", file=sys.stderr, flush=True)


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Holds `path` for this process and the programs it starts. The operating system lets go of it when they
    die, so an interrupted set-up never blocks the next one."""
    with open(path, "a+b") as file:
        os.set_inheritable(file.fileno(), True)
        if not try_lock(file.fileno()):
            say("another start is setting up .venv; waiting for it")
            while not try_lock(file.fileno()):
                time.sleep(0.2)
        yield


def try_lock(file: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
