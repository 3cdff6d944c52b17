"""The tables, each subject in a file of its own."""

from live.store.models.access import Grant, Link, Pairing, Session
from live.store.models.admission import Identity, SeatCode
from live.store.models.base import LARGEST_NUMBER, Base, UtcTime
from live.store.models.follow_up import Dispute, Evidence, FollowUp, FollowUpQuestion, Progress
from live.store.models.forum import AgendaItem, Forum, Installation, Message, RetiredCode, Speaker
from live.store.models.journal import Entry, Erasure, Key, Undo
from live.store.models.office import Logo, OwnerAddress, Reminder
from live.store.models.organiser import Invitation, Organiser, RecoveryCode, SignIn
from live.store.models.people import Attendee, Call, Contact, Feedback
from live.store.models.question import Answer, Question, Support

__all__ = [
    "LARGEST_NUMBER",
    "AgendaItem",
    "Answer",
    "Attendee",
    "Base",
    "Call",
    "Contact",
    "Dispute",
    "Entry",
    "Erasure",
    "Evidence",
    "Feedback",
    "FollowUp",
    "FollowUpQuestion",
    "Forum",
    "Grant",
    "Identity",
    "Installation",
    "Invitation",
    "Key",
    "Link",
    "Logo",
    "Message",
    "Organiser",
    "OwnerAddress",
    "Pairing",
    "Progress",
    "Question",
    "RecoveryCode",
    "Reminder",
    "RetiredCode",
    "SeatCode",
    "Session",
    "SignIn",
    "Speaker",
    "Support",
    "Undo",
    "UtcTime",
]
