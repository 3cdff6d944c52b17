"""What the desk is told about messages: suggestions, personal numbers and rude words, on the sample of 96.

Asked as people ask and read as the desk reads, over the public interface. The sample is the rehearsal's; nothing was
fitted to it but the borders of its tests, so another office's messages may give other figures.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import httpx

from live.bench.forum import Forum
from live.bench.measures import Figure, Report
from live.bench.servers import ROOT, running

SAMPLE = ROOT / "live" / "rehearsal" / "questions.jsonl"
WORDS = {"pii:": "personal numbers", "rude:": "rude words"}
"""What the flags begin with."""
JSON = {"Accept": "application/json"}


async def measure(report: Report, forum: Forum) -> None:
    """Ask every message in order, each shown before the next one comes."""
    messages = [json.loads(line) for line in SAMPLE.read_text(encoding="utf-8").splitlines()]
    async with running("ours", environment=forum.environment) as server:
        address = f"http://127.0.0.1:{server.port}"
        moderator = {**JSON, "Origin": address, "Cookie": (await forum.moderator(server.port)).cookie}
        async with httpx.AsyncClient(base_url=f"{address}/f/{forum.code}", headers=JSON | {"Origin": address}) as hall:
            offered, numbers = await _asked(hall, messages, moderator)
            state = (await hall.get("/state", params={"as": "moderator"}, headers=moderator)).json()
    flags = {question["number"]: question["flags"] for question in state["questions"]}
    report.add(*_figures(messages, offered, [flags[number] for number in numbers], numbers))


async def _asked(
    hall: httpx.AsyncClient, messages: Sequence[Mapping[str, Any]], moderator: dict[str, str]
) -> tuple[list[list[int]], list[int]]:
    """What was offered before each message was sent, and the number it got."""
    offered, numbers = [], []
    for message in messages:
        found = (await hall.post("/similar", json={"text": message["text"]})).raise_for_status().json()
        offered.append([each["number"] for each in found["similar"]])
        made = (await hall.post("/questions", json={"text": message["text"]})).raise_for_status().json()
        numbers.append(made["number"])
        shown = await hall.post(f"/questions/{made['number']}/show", json={}, headers=moderator)
        shown.raise_for_status()
    return offered, numbers


def _figures(
    messages: Sequence[Mapping[str, Any]],
    offered: Sequence[Sequence[int]],
    flags: Sequence[Sequence[str]],
    numbers: Sequence[int],
) -> list[Figure]:
    """``near_duplicate_of`` counts the messages from 0."""
    doubles = [at for at, message in enumerate(messages) if message["near_duplicate_of"] is not None]
    right = sum(numbers[messages[at]["near_duplicate_of"]] in offered[at] for at in doubles)
    figures = [Figure(f"near-duplicates whose first message is among the three offered, of {len(doubles)}", right)]
    wanted = {
        "pii:": [message["has_personal_data"] for message in messages],
        "rude:": [message["kind"] == "abusive" for message in messages],
    }
    for flag, is_so in wanted.items():
        hits = [any(text.startswith(flag) for text in each) for each in flags]
        found = sum(hit and so for hit, so in zip(hits, is_so, strict=True))
        wrong = sum(hit and not so for hit, so in zip(hits, is_so, strict=True))
        figures.append(Figure(f"{WORDS[flag]} found, of {sum(is_so)} messages", found))
        figures.append(Figure(f"{WORDS[flag]} falsely found, in {len(messages)} messages", wrong))
    return figures
