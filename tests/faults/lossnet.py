"""A weak network in user space: two network namespaces joined by two TUN devices, whose packets are lost, late,
doubled or held up as ``weather`` says, changed while it runs. Linux and root only; needs no kernel module."""

import contextlib
import ctypes
import fcntl
import heapq
import os
import random
import select
import struct
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

TUNSETIFF, IFF_TUN, IFF_NO_PI = 0x400454CA, 0x0001, 0x1000
HERE, THERE = "10.77.0.2", "10.77.0.1"


@dataclass(frozen=True)
class Weather:
    """Shares of packets lost and doubled, seconds of delay and jitter, bytes per second, and what is blocked."""

    loss: float = 0.0
    doubled: float = 0.0
    delay: float = 0.0
    jitter: float = 0.0
    rate: float | None = None
    blocked: frozenset[str] = frozenset()


CLEAR = Weather()
WEAK = Weather(loss=0.05, delay=0.10, jitter=0.10, doubled=0.01, rate=125_000)
BAD = replace(WEAK, loss=0.20)
NOTHING = Weather(blocked=frozenset({"up", "down"}))
ONE_WAY = Weather(blocked=frozenset({"down"}))


class LossNet(threading.Thread):
    """Forwards packets between the namespaces ``hall`` (phones) and ``desk`` (server) until it is closed."""

    def __init__(self, name: str) -> None:
        super().__init__(daemon=True)
        self.phones, self.server = f"{name}-hall", f"{name}-desk"
        self.weather = CLEAR
        self._over = False
        self._ends = {"up": _end(self.phones, HERE), "down": _end(self.server, THERE)}
        self._free = {"up": 0.0, "down": 0.0}
        self._waiting: list[tuple[float, int, int, bytes]] = []
        self._count = 0

    def run(self) -> None:
        while not self._over:
            pause = max(0.0, self._waiting[0][0] - time.monotonic()) if self._waiting else 0.05
            ready, _, _ = select.select(list(self._ends.values()), [], [], min(pause, 0.05))
            for way, end in self._ends.items():
                if end in ready:
                    self._take(way, end)
            self._deliver()

    def close(self) -> None:
        self._over = True
        self.join()
        for end in self._ends.values():
            os.close(end)
        for space in (self.phones, self.server):
            subprocess.run(["ip", "netns", "del", space], check=False)

    def _take(self, way: str, end: int) -> None:
        other = self._ends["down" if way == "up" else "up"]
        for _ in range(64):
            try:
                packet = os.read(end, 2048)
            except BlockingIOError:
                return
            weather = self.weather
            if way in weather.blocked or random.random() < weather.loss:
                continue
            for _ in range(2 if random.random() < weather.doubled else 1):
                self._send(way, other, packet, weather)

    def _send(self, way: str, other: int, packet: bytes, weather: Weather) -> None:
        due = time.monotonic() + weather.delay + random.random() * weather.jitter
        if weather.rate:
            self._free[way] = max(self._free[way], due) + len(packet) / weather.rate
            due = self._free[way]
        self._count += 1
        heapq.heappush(self._waiting, (due, self._count, other, packet))

    def _deliver(self) -> None:
        while self._waiting and self._waiting[0][0] <= time.monotonic():
            _, _, other, packet = heapq.heappop(self._waiting)
            with contextlib.suppress(OSError):
                os.write(other, packet)


@contextlib.contextmanager
def lossnet(name: str) -> Iterator[LossNet]:
    """Both namespaces, for as long as the block runs."""
    net = LossNet(name)
    net.start()
    try:
        yield net
    finally:
        net.close()


@contextlib.contextmanager
def inside(space: str) -> Iterator[None]:
    """This thread opens its sockets in that namespace inside the block; other threads do not notice."""
    own = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
    _enter(space)
    try:
        yield
    finally:
        _set(own)


def _end(space: str, address: str) -> int:
    for command in (["netns", "add", space], ["-n", space, "link", "set", "lo", "up"]):
        subprocess.run(["ip", *command], check=True)
    with inside(space):
        end = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
        fcntl.ioctl(end, TUNSETIFF, struct.pack("16sH", b"t0", IFF_TUN | IFF_NO_PI))
    subprocess.run(["ip", "-n", space, "addr", "add", f"{address}/24", "dev", "t0"], check=True)
    subprocess.run(["ip", "-n", space, "link", "set", "t0", "up", "mtu", "1400"], check=True)
    return end


def _enter(space: str) -> None:
    _set(os.open(f"/run/netns/{space}", os.O_RDONLY))


def _set(descriptor: int) -> None:
    failed = ctypes.CDLL(None, use_errno=True).setns(descriptor, 0)
    os.close(descriptor)
    if failed:
        raise OSError(ctypes.get_errno(), "setns")
