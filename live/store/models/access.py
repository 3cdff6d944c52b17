"""Who may come in: role links, and the browsers that redeemed them."""

from datetime import datetime

from sqlalchemy import (
    ForeignKey,
    Index,
    String,
)
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from live.store.models.base import Base, BigId


class Link(Base):
    """A role link: only the hash of its secret is kept."""

    __tablename__ = "link"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    forum_id: Mapped[int] = mapped_column(ForeignKey("forum.id", ondelete="CASCADE"))
    role: Mapped[str] = mapped_column(String(12))
    speaker: Mapped[int | None]
    owner: Mapped[str | None] = mapped_column(String(200))
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    created: Mapped[datetime]
    expires: Mapped[datetime]
    revoked: Mapped[datetime | None]


class Session(Base):
    """A browser that redeemed at least one role link; only the hash of its cookie is kept."""

    __tablename__ = "session"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    created: Mapped[datetime]


class Grant(Base):
    """One role link redeemed into one session: a device of the link; ``ended`` when it was sent away."""

    __tablename__ = "grant"
    __table_args__ = (Index("ix_grant_session", "session"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    session: Mapped[str] = mapped_column(ForeignKey("session.digest", ondelete="CASCADE", onupdate="CASCADE"))
    link_id: Mapped[int] = mapped_column(ForeignKey("link.id", ondelete="CASCADE"))
    redeemed: Mapped[datetime]
    ended: Mapped[datetime | None]
    device: Mapped[str] = mapped_column(String(80), default="", server_default=sql("''"))


class Pairing(Base):
    """A device that waits to be let in: the number it shows, and the hash of the secret that its browser keeps."""

    __tablename__ = "pairing"
    __table_args__ = (
        Index("uq_pairing_forum_id_number", "forum_id", "number", unique=True),
        Index("uq_pairing_forum_id_role_device", "forum_id", "role", "device", unique=True),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    forum_id: Mapped[int] = mapped_column(ForeignKey("forum.id", ondelete="CASCADE"))
    role: Mapped[str] = mapped_column(String(12))
    number: Mapped[str] = mapped_column(String(6))
    device: Mapped[str] = mapped_column(String(64))
    expires: Mapped[datetime]
    allowed: Mapped[bool] = mapped_column(default=False)
