"""Organisers: accounts, invitations to them, and the browsers that are signed in."""

from datetime import datetime

from sqlalchemy import ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from live.store.models.base import Base, BigId


class Organiser(Base):
    """One who runs forums of an agency. ``password`` is an argon2id hash; ``totp`` the sealed second factor, or None;
    ``totp_used`` the last time step that was accepted, so that a code serves once."""

    __tablename__ = "organiser"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    agency: Mapped[str] = mapped_column(String(300))
    password: Mapped[str] = mapped_column(String(200))
    totp: Mapped[str | None] = mapped_column(Text)
    totp_used: Mapped[int] = mapped_column(Integer, default=0)
    created: Mapped[datetime]


class RecoveryCode(Base):
    """One of the codes that stand in for an organiser's second factor, once each; only its hash is kept."""

    __tablename__ = "recovery_code"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    organiser_id: Mapped[int] = mapped_column(ForeignKey("organiser.id", ondelete="CASCADE"))


class Invitation(Base):
    """A one-time address for setting a password; only the hash of its secret is kept. Without a name whoever opens it
    says the name and the agency: the first organiser of an installation."""

    __tablename__ = "invitation"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str | None] = mapped_column(String(60))
    agency: Mapped[str | None] = mapped_column(String(300))
    until: Mapped[datetime]


class SignIn(Base):
    """One browser session of an organiser."""

    __tablename__ = "sign_in"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    session: Mapped[str] = mapped_column(
        ForeignKey("session.digest", ondelete="CASCADE", onupdate="CASCADE"), unique=True
    )
    organiser_id: Mapped[int] = mapped_column(ForeignKey("organiser.id", ondelete="CASCADE"))
    at: Mapped[datetime]
    until: Mapped[datetime]
    device: Mapped[str] = mapped_column(String(80))
