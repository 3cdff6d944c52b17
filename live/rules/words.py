"""The words of the program: one word for one thing, in code, in the database and in addresses."""

from enum import StrEnum


class Phase(StrEnum):
    """Where a forum stands. ``supporting`` takes supports but no new questions (also "pause")."""

    DRAFT = "draft"
    OPEN = "open"
    SUPPORTING = "supporting"
    CLOSED = "closed"
    PUBLISHED = "published"


class Status(StrEnum):
    """Where a question stands."""

    PENDING = "pending"
    SHOWN = "shown"
    QUEUED = "queued"
    STAGE = "stage"
    ANSWERED = "answered"
    WRITTEN = "written"
    REJECTED = "rejected"
    PRIVATE = "private"
    MERGED = "merged"
    WITHDRAWN = "withdrawn"


class Kind(StrEnum):
    """What an asker posted."""

    QUESTION = "question"
    COMPLAINT = "complaint"
    SUGGESTION = "suggestion"
    APPRECIATION = "appreciation"


class Role(StrEnum):
    """What a grant allows. ``participant`` and ``public`` need none."""

    PARTICIPANT = "participant"
    HELPER = "helper"
    MODERATOR = "moderator"
    SCRIBE = "scribe"
    SPEAKER = "speaker"
    SCREEN = "screen"
    ORGANISER = "organiser"
    OWNER = "owner"


class Audience(StrEnum):
    """Who is looking. Every byte that leaves the server was rendered for exactly one of these."""

    PARTICIPANT = "participant"
    PUBLIC = "public"
    SCREEN = "screen"
    MODERATOR = "moderator"
    ORGANISER = "organiser"
    SCRIBE = "scribe"
    SPEAKER = "speaker"
    HELPER = "helper"


class Reason(StrEnum):
    """Why a question is not shown; the text shown to the asker is ``r.<reason>`` in the catalogue."""

    PII = "pii"
    RUDE = "rude"
    SARA = "sara"
    ACCUSE = "accuse"
    OFFTOPIC = "offtopic"
    SPAM = "spam"
    UNCLEAR = "unclear"
    CASE = "case"


class Term(StrEnum):
    """How long a follow-up may take (Berita Acara, third column); ``study`` = needs study first."""

    SHORT = "short"
    MEDIUM = "medium"
    LONG = "long"
    STUDY = "study"


class FollowUpStatus(StrEnum):
    """Where a follow-up stands. Overdue, no date and disputed are derived, never stored."""

    TODO = "todo"
    DOING = "doing"
    BLOCKED = "blocked"
    DONE = "done"
    DROPPED = "dropped"
    FORWARDED = "forwarded"


class Authority(StrEnum):
    """Whose power a follow-up needs: the city's, the province's, the ministry's, or several agencies'."""

    CITY = "city"
    PROVINCE = "province"
    NATIONAL = "national"
    CROSS = "cross"


class Element(StrEnum):
    """The nine service elements of the public satisfaction survey (PermenPANRB 14/2017)."""

    U1 = "U1"
    U2 = "U2"
    U3 = "U3"
    U4 = "U4"
    U5 = "U5"
    U6 = "U6"
    U7 = "U7"
    U8 = "U8"
    U9 = "U9"


class View(StrEnum):
    """What the projector shows."""

    EARLIER = "earlier"
    JOIN = "join"
    LIST = "list"
    STAGE = "stage"
    RULES = "rules"
    AGREEMENTS = "agreements"
    CLOSING = "closing"
    BLANK = "blank"


class Interpreter(StrEnum):
    """Which third of the projector's picture is kept free for the sign-language interpreter."""

    NONE = "none"
    LEFT = "left"
    RIGHT = "right"


class Look(StrEnum):
    """How the projector draws: dark on light for a lit hall, light on dark for a dark one."""

    LIGHT = "light"
    DARK = "dark"


class Integrity(StrEnum):
    """What one support is worth. ``open``: one browser. ``room``: a browser that was in the hall when it came in.
    ``strict``: a printed code, so that one person counts once."""

    OPEN = "open"
    ROOM = "room"
    STRICT = "strict"


class Moderation(StrEnum):
    """``before``: nothing visible until a moderator shows it. ``after``: visible at once, can be taken away."""

    BEFORE = "before"
    AFTER = "after"


class Source(StrEnum):
    """How a question reached the forum."""

    APP = "app"
    HELPER = "helper"
    PAPER = "paper"
    SPOKEN = "spoken"


class Group(StrEnum):
    """As whom a participant attends: the five groups of society that the form of a public consultation counts."""

    USER = "user"
    EXPERT = "expert"
    AGENCY = "agency"
    CIVIL = "civil"
    MEDIA = "media"


class Aspect(StrEnum):
    """What the three taps after a forum are about (an event's feedback, not a satisfaction survey)."""

    CLEAR = "clear"
    HEARD = "heard"
    AGAIN = "again"


class Verdict(StrEnum):
    """The three possible taps on an aspect."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


PUBLIC_STATUSES = frozenset({Status.SHOWN, Status.QUEUED, Status.STAGE, Status.ANSWERED, Status.WRITTEN})
"""Statuses whose public text everybody may see (design 6.5); ``merged`` shows its number and target only."""

LANGUAGES = ("id", "en")
