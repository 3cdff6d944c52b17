"""The one error a rule raises: a "no" with a reason and a sentence for the person who asked."""

from collections.abc import Mapping
from typing import Any

STATUS_OF = {"role": 403, "existence": 404, "method": 405, "state": 409, "size": 413, "fields": 422, "pace": 429}


class Refusal(Exception):
    """A rule said no.

    ``reason`` is the key of the text shown (catalogue key ``refusal.<reason>``) and the ``refusal`` of the JSON
    answer. ``step`` names the check that failed, in the order of design 6.4: role, existence, state, fields, pace.
    ``params`` fill the text; ``extra`` is added to the JSON answer (for example the present state of the question).
    """

    def __init__(
        self,
        reason: str,
        step: str = "state",
        *,
        params: Mapping[str, Any] | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.step = step
        self.status = STATUS_OF[step]
        self.params = dict(params or {})
        self.extra = dict(extra or {})


def of_field(field: str, reason: str = "bad_field") -> Refusal:
    """What is in this field cannot be used; the text and the answer name it."""
    return Refusal(reason, "fields", params={"field": field}, extra={"field": field})
