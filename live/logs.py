"""Log lines: one event, one line, on stderr; JSON, or readable on a terminal. No text of people is ever logged.

Lines of other packages (uvicorn, asyncio) come in the same form, so that every line of a log can be read by a program.
"""

import logging
import sys
from typing import Any

import structlog

SHARED: list[Any] = [
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def configure() -> None:
    """Set up both kinds of lines; call once, before serving."""
    last: list[Any] = [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    if sys.stderr.isatty():
        last = [structlog.dev.ConsoleRenderer()]
    structlog.configure(processors=[*SHARED, *last], logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=SHARED,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
