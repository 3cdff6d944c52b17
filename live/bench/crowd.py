"""Thousands of phones in one process."""

import asyncio
import time

from live.bench.phone import Noted, Phone

HANDSHAKES = 200
"""How many shake hands at the same time."""
PATIENCE = 2.0
"""Seconds without a frame after which none is waited for: two acts may have become one frame."""


class Crowd:
    """Phones that listen at one address."""

    def __init__(self, port: int, path: str, *, deflate: bool = False) -> None:
        self.port, self.path, self.deflate = port, path, deflate
        self.phones: list[Phone] = []
        self.noted = Noted()

    async def come(self, many: int) -> float:
        """Have ``many`` phones join; the seconds it took."""
        began, turns = time.monotonic(), asyncio.Semaphore(HANDSHAKES)

        async def join() -> None:
            phone = Phone(self.port, self.path, deflate=self.deflate)
            async with turns:
                await phone.connect()
            self.phones.append(phone)

        await asyncio.gather(*(join() for _ in range(many)))
        return time.monotonic() - began

    def note(self) -> Noted:
        """Count from now on; the earlier count stays as it was."""
        self.noted = Noted()
        for phone in self.phones:
            phone.noted = self.noted
        return self.noted

    async def has(self, frames: int) -> bool:
        """Whether so many frames came; waits for more as long as some come."""
        came, quiet_since = self.noted.frames, time.monotonic()
        while came < frames and time.monotonic() - quiet_since < PATIENCE:
            await asyncio.sleep(0.02)
            if self.noted.frames > came:
                came, quiet_since = self.noted.frames, time.monotonic()
        return came >= frames

    def leave(self) -> None:
        """Everybody hangs up."""
        for phone in self.phones:
            phone.hang_up()
        self.phones.clear()
