"""What participants tell of themselves, each with one tap."""

from datetime import datetime

from sqlalchemy import (
    ForeignKey,
    String,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column

from live.store.models.base import Base


class Attendee(Base):
    """As whom a participant attends; nobody has to say."""

    __tablename__ = "attendee"

    forum_id: Mapped[int] = mapped_column(ForeignKey("forum.id", ondelete="CASCADE"), primary_key=True)
    participant: Mapped[str] = mapped_column(String(32), primary_key=True)
    group: Mapped[str] = mapped_column(String(12))


class Call(Base):
    """A participant asks for a helper; one call a person, and the row stays when somebody came."""

    __tablename__ = "call"

    forum_id: Mapped[int] = mapped_column(ForeignKey("forum.id", ondelete="CASCADE"), primary_key=True)
    participant: Mapped[str] = mapped_column(String(32), primary_key=True)
    number: Mapped[int]
    row: Mapped[str | None] = mapped_column(String(40))
    since: Mapped[datetime]
    ended: Mapped[datetime | None]


class Contact(Base):
    """A telephone number left for a private reply: sealed, apart from everything else, and only by consent."""

    __tablename__ = "contact"

    forum_id: Mapped[int] = mapped_column(ForeignKey("forum.id", ondelete="CASCADE"), primary_key=True)
    participant: Mapped[str] = mapped_column(String(32), primary_key=True)
    sealed: Mapped[str] = mapped_column(Text)
    consent: Mapped[str] = mapped_column(String(12))
    given: Mapped[datetime]


class Feedback(Base):
    """One tap of feedback on the event, per participant and aspect."""

    __tablename__ = "feedback"

    forum_id: Mapped[int] = mapped_column(ForeignKey("forum.id", ondelete="CASCADE"), primary_key=True)
    participant: Mapped[str] = mapped_column(String(32), primary_key=True)
    about: Mapped[str] = mapped_column(String(12), primary_key=True)
    verdict: Mapped[str] = mapped_column(String(12))
