"""The forum itself, who answers in it, and how its time is spent."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    Index,
    String,
    Text,
)
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from live.store.models.base import Base, BigId


class Installation(Base):
    """Facts of this installation: the secret that signs participant cookies, and whatever else is made once."""

    __tablename__ = "installation"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[str] = mapped_column(Text)


class Forum(Base):
    """One gathering. Its row is the lock of everything below it, and carries the journal's counter."""

    __tablename__ = "forum"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    code: Mapped[str] = mapped_column(String(6), unique=True)
    title: Mapped[str] = mapped_column(String(300))
    agency: Mapped[str] = mapped_column(String(300))
    place: Mapped[str] = mapped_column(String(300))
    starts: Mapped[datetime]
    ends: Mapped[datetime]
    timezone: Mapped[str] = mapped_column(String(60))
    language: Mapped[str] = mapped_column(String(8))
    moderation: Mapped[str] = mapped_column(String(12))
    integrity: Mapped[str] = mapped_column(String(8), server_default="open")
    max_length: Mapped[int]
    phase: Mapped[str] = mapped_column(String(12))
    screen: Mapped[str] = mapped_column(String(12))
    read_out: Mapped[int | None]
    interpreter: Mapped[str] = mapped_column(String(8), server_default="none")
    look: Mapped[str] = mapped_column(String(8), server_default="light")
    answer_seconds: Mapped[int] = mapped_column(server_default="180")
    round_minutes: Mapped[int] = mapped_column(server_default="90")
    round_started: Mapped[datetime | None]
    agenda: Mapped[int] = mapped_column(server_default="0")
    last_message: Mapped[int] = mapped_column(server_default="0")
    epoch: Mapped[str] = mapped_column(String(16))
    seq: Mapped[int] = mapped_column(BigInteger, default=0)
    chain: Mapped[str] = mapped_column(String(64), default="")
    last_question: Mapped[int] = mapped_column(default=0)
    last_follow_up: Mapped[int] = mapped_column(default=0)
    papers: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    written_days: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    days: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    predecessor: Mapped[str | None] = mapped_column(String(6))
    rehearsal_of: Mapped[str | None] = mapped_column(String(6))
    erase_at: Mapped[datetime | None]
    created: Mapped[datetime]
    published: Mapped[datetime | None]
    notice: Mapped[str] = mapped_column(Text, default="", server_default=sql("''"))
    rude: Mapped[list[str]] = mapped_column(default=list, server_default="[]")
    polite: Mapped[list[str]] = mapped_column(default=list, server_default="[]")


class RetiredCode(Base):
    """The code of a forum that was erased: no other forum gets it."""

    __tablename__ = "retired_code"

    code: Mapped[str] = mapped_column(String(6), primary_key=True)
    at: Mapped[datetime]


class Speaker(Base):
    """One who answers; ``position`` counts from 1 in the order of the forum file and is never renumbered."""

    __tablename__ = "speaker"

    forum_id: Mapped[int] = mapped_column(ForeignKey("forum.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(200))
    field: Mapped[str] = mapped_column(String(200))
    topics: Mapped[list[str]]


class AgendaItem(Base):
    """One item of the run of show, in its place from 1; ``started`` when the desk moved on to it last."""

    __tablename__ = "agenda_item"

    forum_id: Mapped[int] = mapped_column(ForeignKey("forum.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    title: Mapped[str] = mapped_column(String(300))
    minutes: Mapped[int]
    is_round: Mapped[bool]
    started: Mapped[datetime | None]


class Message(Base):
    """A private line from the desk to one speaker; ``read`` when the speaker said so."""

    __tablename__ = "message"
    __table_args__ = (Index("uq_message_forum_id_number", "forum_id", "number", unique=True),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    forum_id: Mapped[int] = mapped_column(ForeignKey("forum.id", ondelete="CASCADE"))
    number: Mapped[int]
    speaker: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    sent: Mapped[datetime]
    read: Mapped[datetime | None]

    @property
    def status(self) -> str:
        """``sent`` or ``read``."""
        return "sent" if self.read is None else "read"
