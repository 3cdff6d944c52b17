"""What the machine tells: which core runs what, and how much processor and memory a process has used."""

import contextlib
import os
import platform
from pathlib import Path

SERVER_CORE, GENERATOR_CORE = 0, 1


def pin(pid: int, core: int) -> None:
    """Keep a process on one core, where the machine has several and lets us say so."""
    if (os.cpu_count() or 1) > 1 and hasattr(os, "sched_setaffinity"):
        with contextlib.suppress(OSError):
            os.sched_setaffinity(pid, {core})


def unpin(pid: int) -> None:
    """Let a process that was started from a pinned one, and whatever it starts, run on every core."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(pid, range(os.cpu_count() or 1))


def cpu_seconds(pid: int) -> float:
    """Processor time of all threads of a process, as the scheduler counts it."""
    total = 0
    for task in Path(f"/proc/{pid}/task").glob("*/schedstat"):
        with contextlib.suppress(OSError):  # a thread that ended meanwhile
            total += int(task.read_text().split()[0])
    return total / 1e9


def resident_bytes(pid: int) -> int:
    """Memory of a process that is in use."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def described() -> str:
    """The machine in a few words."""
    model = "unknown processor"
    with contextlib.suppress(OSError):
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), model)
    system = platform.system()
    with contextlib.suppress(OSError):  # only where there is such a file
        system = platform.freedesktop_os_release()["PRETTY_NAME"]
    load = f", load {os.getloadavg()[0]:.1f} when it began" if hasattr(os, "getloadavg") else ""
    return f"{model}, {os.cpu_count()} cores, {system}, Python {platform.python_version()}{load}"
