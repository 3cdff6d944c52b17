"""What this process counts about itself, for Prometheus. Figures only: no forum, no person, no word.

Every process has a registry of its own, made with the application, so that tests and second applications in one
process do not mix.
"""

import time

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.process_collector import ProcessCollector

ANSWERS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0, 2.5, 10.0)
"""Borders in seconds; 0.3 is what the hall is promised."""
SIZES = (1, 2, 5, 10, 20, 50, 100, 200, 500)


def now() -> float:
    """A clock for durations."""
    return time.perf_counter()


class Metrics:
    """The figures of one running server."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self.acts = Histogram(
            "jaring_act_seconds",
            "From an act's arrival to its answer, by act and kind of answer (done, refused, failed)",
            ("act", "answer"),
            buckets=ANSWERS,
            registry=self.registry,
        )
        self.batch = Histogram(
            "jaring_support_batch", "Supports committed together", buckets=SIZES, registry=self.registry
        )
        self.frames = Counter("jaring_frames_sent", "Frames handed to sockets", registry=self.registry)
        self.lag = Histogram(
            "jaring_feed_lag_seconds",
            "From an entry of the journal to its frame handed to every socket",
            buckets=ANSWERS,
            registry=self.registry,
        )
        self.sockets = self._gauge("jaring_sockets", "Open sockets of screens")
        self.backup_age = self._gauge("jaring_backup_age_seconds", "Age of the newest copy; -1 without one")
        self.backups_failed = self._gauge("jaring_backups_failed", "Copies that could not be made since the start")

    def answered(self, act: str, status: int, started: float) -> None:
        """An act that arrived at ``started`` (:func:`now`) has its answer."""
        answer = "done" if status < 400 else "refused" if status < 500 else "failed"
        self.acts.labels(act, answer).observe(now() - started)

    def text(self) -> bytes:
        """Everything in Prometheus' text format."""
        return generate_latest(self.registry)

    def _gauge(self, name: str, told: str) -> Gauge:
        return Gauge(name, told, registry=self.registry)
