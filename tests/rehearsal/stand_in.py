"""A forum of a few lines that follows the public interface, with faults that can be switched on."""

import asyncio
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from litestar import Litestar, MediaType, Request, Response, WebSocket, get, post, websocket
from litestar.connection import ASGIConnection
from litestar.datastructures import State
from litestar.exceptions import PermissionDeniedException, WebSocketDisconnect

CODE = "123456"
TOKEN = "open-sesame"
PUBLIC = ("shown", "queued", "stage", "answered", "written")
AFTER = {"show": "shown", "reject": "rejected", "queue": "queued", "written": "written"}


@dataclass
class Question:
    text: str
    asker: str
    status: str = "pending"
    supporters: set[str] = field(default_factory=set)
    padding: int = 0


def already_shown() -> Question:
    """Asked and supported by two people before the rehearsal."""
    return Question("Sudah ada", asker="somebody", status="shown", supporters={"first", "second"})


@dataclass
class Forum:
    """``faults``: ``loses`` posts, ``doubles`` retried ones, ``miscounts`` supports, ``forgets`` to tell of No. 1.

    ``struck``: how often a fault did harm.
    """

    faults: frozenset[str] = frozenset()
    phase: str = "open"
    struck: int = 0
    seq: int = 0
    questions: dict[int, Question] = field(default_factory=lambda: {n: already_shown() for n in (1, 2, 3)})
    replies: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    screens: list[tuple[str, asyncio.Queue[str]]] = field(default_factory=list)

    @property
    def cursor(self) -> str:
        return f"e1.{self.seq}"

    def card(self, number: int, audience: str) -> str:
        question = self.questions[number]
        if audience == "participant" and question.status not in PUBLIC:
            return f'<article id="q-{number}" data-status="gone"></article>'
        count = len(question.supporters) + question.padding
        attributes = f'id="q-{number}" data-status="{question.status}" data-supports="{count}"'
        return f"<article {attributes}><p>{number}</p></article>"

    def frame(self, audience: str, numbers: list[int]) -> str:
        told = [number for number in numbers if not self.forgets(number, audience)]
        return "\n".join([self.cursor, *(self.card(number, audience) for number in told)])

    def forgets(self, number: int, audience: str) -> bool:
        return number == 1 and "forgets" in self.faults and audience == "participant"

    def changed(self, number: int) -> None:
        self.seq += 1
        for audience, queue in self.screens:
            self.struck += self.forgets(number, audience)
            queue.put_nowait(self.frame(audience, [number]))

    def state(self, audience: str) -> dict[str, Any]:
        rows = [
            {
                "number": number,
                "status": question.status,
                "text": question.text,
                "supports": len(question.supporters) + question.padding,
            }
            for number, question in self.questions.items()
            if audience != "participant" or question.status in PUBLIC
        ]
        stage = next(({"number": row["number"]} for row in rows if row["status"] == "stage"), None)
        forum = {"code": CODE, "phase": self.phase}
        queues: dict[str, list[int]] = {"1": [], "2": [], "3": []}
        return {"cursor": self.cursor, "forum": forum, "questions": rows, "queues": queues, "stage": stage}

    def ask(self, who: str, text: str) -> int:
        number = len(self.questions) + 1
        astray = "loses" in self.faults and number % 3 == 0
        self.struck += astray
        self.questions[number] = Question("gone astray" if astray else text, who)
        self.changed(number)
        return number

    def support(self, who: str, number: int, on: bool) -> None:
        supporters = self.questions[number].supporters
        if on and who not in supporters and "miscounts" in self.faults:
            self.questions[number].padding += 1
            self.struck += 1
        (supporters.add if on else supporters.discard)(who)
        self.changed(number)

    def next(self) -> dict[str, int | None]:
        on_stage = next((n for n, question in self.questions.items() if question.status == "stage"), None)
        waiting = next((n for n, question in self.questions.items() if question.status == "queued"), None)
        for number, status in ((on_stage, "answered"), (waiting, "stage")):
            if number:
                self.questions[number].status = status
                self.changed(number)
        return {"finished": on_stage, "staged": waiting}


def _forum(connection: ASGIConnection[Any, Any, Any, Any]) -> Forum:
    forum: Forum = connection.app.state.forum
    return forum


@post("/enter", status_code=200)
async def enter(request: Request[Any, Any, Any]) -> Response[dict[str, str]]:
    form = await request.form()
    if form["token"] != TOKEN:
        return Response({"refusal": "token"}, status_code=403)
    answer = Response({"role": "moderator", "code": CODE, "page": f"/f/{CODE}/moderate"})
    answer.set_cookie("who", "moderator")
    return answer


@get("/f/{code:str}", media_type=MediaType.HTML)
async def page() -> Response[str]:
    answer = Response("<main></main>", media_type=MediaType.HTML)
    answer.set_cookie("who", secrets.token_hex(8), httponly=True)
    return answer


@get("/f/{code:str}/mine", media_type=MediaType.HTML)
async def mine() -> str:
    return "<section></section>"


@get("/f/{code:str}/state")
async def state(request: Request[Any, Any, Any]) -> Response[dict[str, Any]]:
    if request.path_params["code"] != CODE:
        return Response({}, status_code=404)
    return Response(_forum(request).state(request.query_params["as"]))


@get("/f/{code:str}/frames", media_type=MediaType.TEXT)
async def frames(request: Request[Any, Any, Any]) -> Response[str]:
    forum = _forum(request)
    return Response(forum.frame(request.query_params["as"], [*forum.questions]), media_type=MediaType.TEXT)


@websocket("/f/{code:str}/feed")
async def feed(socket: WebSocket[Any, Any, Any]) -> None:
    forum, audience = _forum(socket), socket.query_params["as"]
    if not socket.headers.get("origin", "").startswith("http://127.0.0.1:"):
        raise PermissionDeniedException
    await socket.accept()
    screen = (audience, asyncio.Queue[str]())
    screen[1].put_nowait(forum.frame(audience, [*forum.questions]))
    forum.screens.append(screen)
    sending = asyncio.create_task(_send_all(socket, screen[1]))
    try:
        await socket.receive_text()
    except WebSocketDisconnect:
        sending.cancel()
        forum.screens.remove(screen)


async def _send_all(socket: WebSocket[Any, Any, Any], frames: asyncio.Queue[str]) -> None:
    while True:
        await socket.send_text(await frames.get())


@post("/f/{code:str}/{act:path}")
async def act(request: Request[Any, Any, Any]) -> Response[dict[str, Any]]:
    forum, who = _forum(request), request.cookies["who"]
    steps = request.path_params["act"].strip("/").split("/")
    fields = dict(await request.form())
    if known := forum.replies.get((who, fields["key"])):
        if not ("doubles" in forum.faults and steps == ["questions"]):
            return Response(known, status_code=200)
        forum.struck += 1
    body = _perform(forum, who, steps, fields)
    if "refusal" in body:
        return Response(body, status_code=409)
    forum.replies[who, fields["key"]] = body
    return Response(body, status_code=201 if steps == ["questions"] else 200)


def application(forum: Forum) -> Litestar:
    """The interface, as far as a rehearsal uses it."""
    handlers = [enter, page, mine, state, frames, feed, act]
    return Litestar(handlers, state=State({"forum": forum}), openapi_config=None, logging_config=None)


def _perform(forum: Forum, who: str, steps: list[str], fields: dict[str, Any]) -> dict[str, Any]:
    match steps:
        case ["questions"]:
            return {
                "number": forum.ask(who, fields["text"]),
                "status": "pending",
                "receipt": "r",
                "cursor": forum.cursor,
            }
        case ["questions", asked, "support"]:
            if forum.questions[int(asked)].status not in ("shown", "queued"):
                return {"refusal": "state"}
            forum.support(who, int(asked), fields["on"] == "1")
            return {"number": int(asked), "cursor": forum.cursor}
        case ["questions", asked, verb]:
            forum.questions[int(asked)].status = AFTER[verb]
            forum.changed(int(asked))
            return {"number": int(asked), "status": AFTER[verb], "cursor": forum.cursor}
        case ["next"]:
            return {**forum.next(), "cursor": forum.cursor}
        case _:
            forum.phase = fields["to"]
            return {"phase": forum.phase, "cursor": forum.cursor}


@contextmanager
def serving(forum: Forum) -> Iterator[str]:
    """Serve it on a free port in a thread; yields the origin."""
    config = uvicorn.Config(application(forum), port=0, log_level="critical", ws="websockets-sansio", lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 10
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(10)
