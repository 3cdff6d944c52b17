"""What was promised, and what became of it."""

from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    false,
)
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from live.store.models.base import Base, BigId


class FollowUp(Base):
    """One promised action. ``owner`` is a position, not a person: officials rotate.

    ``carried_from`` is the number it had in the forum before this one, if it was carried over from there.
    """

    __tablename__ = "follow_up"
    __table_args__ = (Index("uq_follow_up_forum_id_number", "forum_id", "number", unique=True),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    forum_id: Mapped[int] = mapped_column(ForeignKey("forum.id", ondelete="CASCADE"))
    number: Mapped[int]
    problem: Mapped[str] = mapped_column(Text)
    recommendation: Mapped[str] = mapped_column(Text, default="")
    activity: Mapped[str] = mapped_column(Text, default="")
    owner: Mapped[str] = mapped_column(String(200), default="")
    due: Mapped[date | None]
    term: Mapped[str | None] = mapped_column(String(8))
    duration: Mapped[str] = mapped_column(String(60), default="", server_default=sql("''"))
    authority: Mapped[str | None] = mapped_column(String(12))
    needs_budget: Mapped[bool] = mapped_column(default=False, server_default=false())
    element: Mapped[str | None] = mapped_column(String(2))
    indicator: Mapped[str] = mapped_column(Text, default="", server_default=sql("''"))
    agreed: Mapped[datetime | None]
    status: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(Text, default="")
    forwarded_to: Mapped[str] = mapped_column(String(200), default="")
    partial: Mapped[bool] = mapped_column(default=False)
    carried_from: Mapped[int | None]
    created: Mapped[datetime]
    updated: Mapped[datetime]
    touched: Mapped[int] = mapped_column(BigInteger, default=0)
    touched_by: Mapped[str | None] = mapped_column(String(32))
    touched_role: Mapped[str | None] = mapped_column(String(12))
    touched_did: Mapped[str | None] = mapped_column(String(24))


class FollowUpQuestion(Base):
    """Which questions led to which follow-ups: many to many."""

    __tablename__ = "follow_up_question"

    follow_up_id: Mapped[int] = mapped_column(ForeignKey("follow_up.id", ondelete="CASCADE"), primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id", ondelete="CASCADE"), primary_key=True)


class Progress(Base):
    """One dated line of what was done about a follow-up; never changed, only added to."""

    __tablename__ = "progress"
    __table_args__ = (Index("ix_progress_forum_id", "forum_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    forum_id: Mapped[int] = mapped_column(ForeignKey("forum.id", ondelete="CASCADE"))
    follow_up_id: Mapped[int] = mapped_column(ForeignKey("follow_up.id", ondelete="CASCADE"))
    at: Mapped[datetime]
    role: Mapped[str] = mapped_column(String(12))
    text: Mapped[str] = mapped_column(Text)
    link: Mapped[str] = mapped_column(Text, default="")
    status: Mapped[str | None] = mapped_column(String(12))
    due: Mapped[date | None]


class Evidence(Base):
    """A file that shows what was done, as it was checked and (images) re-encoded; its SHA-256 is of these bytes."""

    __tablename__ = "evidence"
    __table_args__ = (Index("ix_evidence_progress_id", "progress_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    progress_id: Mapped[int] = mapped_column(ForeignKey("progress.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(120))
    media_type: Mapped[str] = mapped_column(String(60))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes] = mapped_column(LargeBinary)


class Dispute(Base):
    """An asker's objection to how a follow-up is said to stand."""

    __tablename__ = "dispute"
    __table_args__ = (Index("ix_dispute_forum_id", "forum_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    forum_id: Mapped[int] = mapped_column(ForeignKey("forum.id", ondelete="CASCADE"))
    follow_up_id: Mapped[int] = mapped_column(ForeignKey("follow_up.id", ondelete="CASCADE"))
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id", ondelete="CASCADE"))
    at: Mapped[datetime]
    text: Mapped[str] = mapped_column(Text)
    flagged: Mapped[bool] = mapped_column(default=False)
