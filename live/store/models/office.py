"""What an office leaves with a forum: where its owners are written to, what they were reminded of, its logo."""

from datetime import date

from sqlalchemy import ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from live.store.models.base import Base


class OwnerAddress(Base):
    """The e-mail address of an owner (a position), sealed."""

    __tablename__ = "owner_address"

    forum_id: Mapped[int] = mapped_column(ForeignKey("forum.id", ondelete="CASCADE"), primary_key=True)
    owner: Mapped[str] = mapped_column(String(200), primary_key=True)
    sealed: Mapped[str] = mapped_column(Text)


class Reminder(Base):
    """The owner of this item was reminded on this day; ``item`` is ``f-3`` or ``q-17``. One row, one reminder."""

    __tablename__ = "reminder"

    forum_id: Mapped[int] = mapped_column(ForeignKey("forum.id", ondelete="CASCADE"), primary_key=True)
    item: Mapped[str] = mapped_column(String(16), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)


class Logo(Base):
    """The picture in the letterhead, as it was checked and encoded anew: a PNG."""

    __tablename__ = "logo"

    forum_id: Mapped[int] = mapped_column(ForeignKey("forum.id", ondelete="CASCADE"), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
