"""What happened: the journal, what can be taken back, what a retry is answered, what was erased."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    String,
)
from sqlalchemy.orm import Mapped, mapped_column

from live.store.models.base import Base


class Entry(Base):
    """One numbered line of a forum's journal: facts, never words. See :mod:`live.store.journal`."""

    __tablename__ = "entry"

    forum_id: Mapped[int] = mapped_column(ForeignKey("forum.id", ondelete="CASCADE"), primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(24))
    role: Mapped[str] = mapped_column(String(12))
    actor: Mapped[str] = mapped_column(String(32))
    question: Mapped[int | None]
    follow_up: Mapped[int | None]
    detail: Mapped[dict[str, Any]]
    before: Mapped[str] = mapped_column(String(64))


class Undo(Base):
    """What one act changed, so that whoever did it can take it back; see :mod:`live.store.undo`.

    ``seq`` is the number of the act's last entry and names the act, ``first`` that of its first one. ``images`` may
    hold words: they go when the forum closes, when a question is erased, and when twenty later acts were done.
    """

    __tablename__ = "undo"

    forum_id: Mapped[int] = mapped_column(ForeignKey("forum.id", ondelete="CASCADE"), primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    first: Mapped[int] = mapped_column(BigInteger)
    actor: Mapped[str] = mapped_column(String(32))
    act: Mapped[str] = mapped_column(String(24))
    images: Mapped[list[Any]]


class Key(Base):
    """What an act with this key answered the first time, so that a retry is harmless."""

    __tablename__ = "key"

    forum_id: Mapped[int] = mapped_column(ForeignKey("forum.id", ondelete="CASCADE"), primary_key=True)
    actor: Mapped[str] = mapped_column(String(32), primary_key=True)
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
    result: Mapped[dict[str, Any]]


class Erasure(Base):
    """The erase list: digests of the receipts whose words were erased, so that no restore brings them back."""

    __tablename__ = "erasure"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    at: Mapped[datetime]
