"""The tables. Times are UTC; texts of questions live here and nowhere else, so erasing them rewrites no history."""

from datetime import UTC, date, datetime
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Text,
    TypeDecorator,
    false,
)
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

LARGEST_NUMBER = 2**31 - 1
"""What fits a number's column: a larger one names nothing, and the database would not even take the question."""

BigId = BigInteger().with_variant(Integer, "sqlite")
Json = JSON().with_variant(JSONB, "postgresql")


class UtcTime(TypeDecorator[datetime]):
    """An aware UTC time on both databases; SQLite gives naive ones back."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store in UTC; a naive time is a programming error."""
        if value is not None and value.tzinfo is None:
            raise ValueError("a time without a zone")
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Read as an aware UTC time."""
        return None if value is None else value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Named constraints, so that migrations can find them on both databases."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UtcTime(),
        dict[str, Any]: Json,
        list[str]: Json,
        list[int]: Json,
        list[Any]: Json,
    }


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
    created: Mapped[datetime]
    published: Mapped[datetime | None]
    notice: Mapped[str] = mapped_column(Text, default="", server_default=sql("''"))
    rude: Mapped[list[str]] = mapped_column(default=list, server_default="[]")
    polite: Mapped[list[str]] = mapped_column(default=list, server_default="[]")


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


class Question(Base):
    """One thing posted. ``text`` is the public text; ``original`` exists only where the two differ."""

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


class FollowUp(Base):
    """One promised action. ``owner`` is a position, not a person: officials rotate."""

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
    duration: Mapped[str] = mapped_column(String(60), default="", server_default="")
    authority: Mapped[str | None] = mapped_column(String(12))
    needs_budget: Mapped[bool] = mapped_column(default=False, server_default=false())
    element: Mapped[str | None] = mapped_column(String(2))
    indicator: Mapped[str] = mapped_column(Text, default="", server_default="")
    agreed: Mapped[datetime | None]
    status: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(Text, default="")
    forwarded_to: Mapped[str] = mapped_column(String(200), default="")
    partial: Mapped[bool] = mapped_column(default=False)
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
    """One role link redeemed into one session: a device in the link's list."""

    __tablename__ = "grant"
    __table_args__ = (Index("ix_grant_session", "session"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    session: Mapped[str] = mapped_column(ForeignKey("session.digest", ondelete="CASCADE", onupdate="CASCADE"))
    link_id: Mapped[int] = mapped_column(ForeignKey("link.id", ondelete="CASCADE"))
    redeemed: Mapped[datetime]
