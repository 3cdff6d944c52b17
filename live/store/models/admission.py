"""Who counts in a forum: browsers since they first took part, and the seat codes that were printed."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, false
from sqlalchemy.orm import Mapped, mapped_column

from live.store.models.base import Base, BigId


class Identity(Base):
    """One participant's browser in one forum, ``since`` its first support (open) or since it was let in (room, strict).

    ``void`` while a moderator holds its supports for nothing.
    """

    __tablename__ = "identity"
    __table_args__ = (Index("ix_identity_forum_id_since", "forum_id", "since"),)

    forum_id: Mapped[int] = mapped_column(ForeignKey("forum.id", ondelete="CASCADE"), primary_key=True)
    participant: Mapped[str] = mapped_column(String(32), primary_key=True)
    since: Mapped[datetime]
    void: Mapped[bool] = mapped_column(default=False, server_default=false())


class SeatCode(Base):
    """One printed code, by the number on its slip; ``participant`` is the browser that holds it since ``taken``."""

    __tablename__ = "seat_code"
    __table_args__ = (Index("uq_seat_code_forum_id_number", "forum_id", "number", unique=True),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    forum_id: Mapped[int] = mapped_column(ForeignKey("forum.id", ondelete="CASCADE"))
    number: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    participant: Mapped[str | None] = mapped_column(String(32))
    taken: Mapped[datetime | None]
