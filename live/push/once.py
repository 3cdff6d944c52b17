"""Making something once however many ask for it at the same time (single flight), and keeping the latest ones."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Coroutine, Hashable
from typing import Any, Generic, TypeVar

Made = TypeVar("Made")
KEPT = 128


class Once(Generic[Made]):
    """The latest things made, by key. One that failed is forgotten, so that the next who asks tries again."""

    def __init__(self) -> None:
        self._made: OrderedDict[Hashable, asyncio.Task[Made]] = OrderedDict()

    async def get(self, key: Hashable, make: Callable[[], Coroutine[Any, Any, Made]]) -> Made:
        """What ``make()`` gave for this key; whoever stops waiting does not stop it for the others."""
        task = self._made.get(key)
        if task is None:
            task = self._made[key] = asyncio.create_task(make())
            while len(self._made) > KEPT:
                self._made.popitem(last=False)
        elif task.done() and not task.cancelled() and task.exception() is None:
            return task.result()
        try:
            return await asyncio.shield(task)
        except Exception:
            if self._made.get(key) is task:
                del self._made[key]
            raise
