"""What was asked, who supports it, and how long it was answered.

Texts of questions live here and nowhere else, so erasing them rewrites no history.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    Index,
    String,
    Text,
    false,
)
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from live.store.models.base import Base, BigId


class Question(Base):
    """One thing posted. ``text`` is the public text; ``original`` exists only where the two differ.

    ``supports`` are those that count, ``voided`` those that a moderator declared void.
    """

    __tablename__ = "question"
    __table_args__ = (
        Index("uq_question_forum_id_number", "forum_id", "number", unique=True),
        Index("ix_question_forum_id_asker", "forum_id", "asker"),
        # The database itself refuses a second question on stage.
        Index(
            "uq_question_stage",
            "forum_id",
            unique=True,
            sqlite_where=sql("status = 'stage'"),
            postgresql_where=sql("status = 'stage'"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    forum_id: Mapped[int] = mapped_column(ForeignKey("forum.id", ondelete="CASCADE"))
    number: Mapped[int]
    status: Mapped[str] = mapped_column(String(12))
    kind: Mapped[str] = mapped_column(String(12))
    text: Mapped[str] = mapped_column(Text)
    original: Mapped[str | None] = mapped_column(Text)
    flags: Mapped[list[str]]
    source: Mapped[str] = mapped_column(String(12))
    seat: Mapped[str | None] = mapped_column(String(40))
    paper: Mapped[str | None] = mapped_column(String(40))
    name: Mapped[str | None] = mapped_column(String(200))
    asker: Mapped[str | None] = mapped_column(String(32))
    receipt: Mapped[str] = mapped_column(String(16), unique=True)
    wanted: Mapped[int | None]
    speaker: Mapped[int | None]
    place: Mapped[int | None]
    passed: Mapped[list[int]] = mapped_column(default=list, server_default="[]")
    supports: Mapped[int] = mapped_column(default=0)
    voided: Mapped[int] = mapped_column(default=0, server_default="0")
    reason: Mapped[str | None] = mapped_column(String(12))
    merged_into: Mapped[int | None]
    asked_at: Mapped[datetime]
    shown_at: Mapped[datetime | None]
    staged_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    note: Mapped[str | None] = mapped_column(Text)
    note_state: Mapped[str | None] = mapped_column(String(12))
    noted_at: Mapped[datetime | None]
    noted_by: Mapped[str | None] = mapped_column(String(32))
    confirmed_at: Mapped[datetime | None]
    confirmed_role: Mapped[str | None] = mapped_column(String(12))
    confirmed_speaker: Mapped[int | None]
    no_promise: Mapped[bool] = mapped_column(default=False, server_default=false())
    answer: Mapped[str | None] = mapped_column(Text)
    owner: Mapped[str | None] = mapped_column(String(200))
    due: Mapped[date | None]
    similar: Mapped[list[int]] = mapped_column(default=list, server_default="[]")
    chosen: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    touched: Mapped[int] = mapped_column(BigInteger, default=0)
    touched_by: Mapped[str | None] = mapped_column(String(32))
    touched_role: Mapped[str | None] = mapped_column(String(12))
    touched_did: Mapped[str | None] = mapped_column(String(24))


class Answer(Base):
    """One time one speaker stood on stage with one question: ``allowed`` seconds, and ``seconds`` used when it ends."""

    __tablename__ = "answer"
    __table_args__ = (Index("ix_answer_forum_id", "forum_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    forum_id: Mapped[int] = mapped_column(ForeignKey("forum.id", ondelete="CASCADE"))
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id", ondelete="CASCADE"))
    speaker: Mapped[int]
    started: Mapped[datetime]
    ended: Mapped[datetime | None]
    seconds: Mapped[int | None]
    allowed: Mapped[int] = mapped_column(server_default="180")
    finished: Mapped[bool] = mapped_column(default=False)


class Support(Base):
    """One participant's upvote of one question. The row stays when it is taken back, for the client's counter.

    ``via`` is the number of the merged question that brought it here; a tap of the person's own clears it.
    """

    __tablename__ = "support"

    question_id: Mapped[int] = mapped_column(ForeignKey("question.id", ondelete="CASCADE"), primary_key=True)
    participant: Mapped[str] = mapped_column(String(32), primary_key=True)
    given: Mapped[bool]
    count: Mapped[int] = mapped_column(BigInteger, default=0)
    at: Mapped[datetime]
    via: Mapped[int | None]
