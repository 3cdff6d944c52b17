"""All feeds of this process."""

from live.metrics import Metrics
from live.push.feed import Feed, Pacing
from live.push.present import Present
from live.render import Renderer
from live.store.database import Database


class Hub:
    """One feed per forum that somebody asked about."""

    feed_of: type[Feed] = Feed

    def __init__(
        self,
        database: Database,
        renderer: Renderer,
        metrics: Metrics | None = None,
        pacing: Pacing | None = None,
    ) -> None:
        self.present = Present(database)
        self._database, self._renderer = database, renderer
        self._metrics, self._pacing = metrics or Metrics(), pacing
        self._feeds: dict[int, Feed] = {}
        database.bell.listen(self._rang)

    def feed(self, forum_id: int) -> Feed:
        """The feed of this forum."""
        if forum_id not in self._feeds:
            self._feeds[forum_id] = self.feed_of(
                self._database, self.present, self._renderer, forum_id, self._metrics, self._pacing
            )
        return self._feeds[forum_id]

    @property
    def listeners(self) -> int:
        """How many sockets are open."""
        return sum(feed.listeners for feed in self._feeds.values())

    async def close(self) -> None:
        """Stop every feed."""
        self._database.bell.silence(self._rang)
        self.present.heads.close()
        for feed in self._feeds.values():
            await feed.close()

    def _rang(self, forum_id: int, _head: object) -> None:
        if forum_id in self._feeds:
            self._feeds[forum_id].look()
        elif forum_id == 0:
            for feed in self._feeds.values():
                feed.look()
