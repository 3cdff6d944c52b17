"""Which function does which act, and the fields it reads: the acts of :mod:`live.rules.acts`, with hands."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from live.actions import (
    asking,
    attending,
    carrying,
    choosing,
    erasing,
    following,
    forgetting,
    handing,
    linking,
    merging,
    messaging,
    moderating,
    noting,
    pairing,
    papers,
    planning,
    promising,
    queueing,
    running,
    seating,
    staging,
    undoing,
    voiding,
)
from live.actions.doing import Outcome
from live.actions.fields import Fields
from live.rules.acts import ACTS, Act


@dataclass(frozen=True, slots=True)
class Deed:
    """An act of the table with its fields and its function (``(doing[, item], fields)`` by the act's target)."""

    act: Act
    fields: type[Fields]
    do: Callable[..., Awaitable[Outcome | None]]


def _deed(name: str, fields: type[Any], do: Callable[..., Awaitable[Outcome | None]]) -> tuple[str, Deed]:
    return name, Deed(ACTS[name], fields, do)


DEEDS: dict[str, Deed] = dict(
    (
        _deed("ask", asking.Ask, asking.ask),
        _deed("edit", asking.Words, asking.edit),
        _deed("withdraw", Fields, asking.withdraw),
        _deed("erase", erasing.Erase, erasing.erase),
        _deed("show", Fields, moderating.show),
        _deed("reject", moderating.Reject, moderating.reject),
        _deed("private", Fields, moderating.private),
        _deed("rephrase", asking.Words, moderating.rephrase),
        _deed("mask", asking.Words, moderating.mask),
        _deed("merge", merging.Merge, merging.merge),
        _deed("unmerge", Fields, merging.unmerge),
        _deed("why", asking.Words, choosing.why),
        _deed("queue", queueing.Queue, queueing.queue),
        _deed("unqueue", Fields, queueing.unqueue),
        _deed("stage", staging.Stage, staging.stage),
        _deed("unstage", staging.Unstage, staging.unstage),
        _deed("answered", Fields, staging.answered),
        _deed("written", staging.Written, staging.written),
        _deed("note", noting.Note, noting.note),
        _deed("no-promise", noting.Decision, noting.no_promise),
        _deed("confirm", Fields, noting.confirm),
        _deed("answer", asking.Words, noting.answer),
        _deed("next", staging.Next, staging.next_up),
        _deed("group", attending.Attending, attending.group),
        _deed("help", attending.Help, attending.help_me),
        _deed("helped", attending.Helped, attending.helped),
        _deed("contact", attending.LeaveContact, attending.contact),
        _deed("feedback", attending.Tap, attending.feedback),
        _deed("seat", seating.Seat, seating.seat),
        _deed("seats", seating.Seats, seating.seats),
        _deed("free-seat", seating.FreeSeat, seating.free_seat),
        _deed("void", voiding.Block, voiding.void),
        _deed("forget", Fields, forgetting.forget),
        _deed("phase", running.ToPhase, running.phase),
        _deed("links", linking.Renew, linking.renew),
        _deed("devices", linking.Device, linking.send_away),
        _deed("show-on-screen", running.OnScreen, running.show_on_screen),
        _deed("time", staging.Time, staging.time),
        _deed("agenda", running.ToItem, running.agenda),
        _deed("message", messaging.Send, messaging.send),
        _deed("message-read", Fields, messaging.read),
        _deed("pair", pairing.Number, pairing.pair),
        _deed("notice", running.Notice, running.notice),
        _deed("rude-words", running.Words, running.rude_words),
        _deed("hand-over", Fields, handing.hand_over),
        _deed("undo", undoing.TakeBack, undoing.undo),
        _deed("plan", planning.Planned, planning.change),
        _deed("papers", papers.Filled, papers.fill),
        _deed("follow-ups", promising.Promise, promising.make),
        _deed("carry", carrying.Carry, carrying.carry),
        _deed("follow-up", promising.Promise, promising.alter),
        _deed("agree", promising.Agreement, promising.agree),
        _deed("progress", following.Report, following.progress),
        _deed("dispute", following.Objection, following.dispute),
    )
)
"""Every act except ``support``, which the group writer does (:mod:`live.actions.supporting`), and ``similar``."""
