"""The interface against its own description: whatever is sent is answered as ``/schema`` says, never with a crash."""

import asyncio
import random
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

from live.actions.table import DEEDS
from tests.build import Room
from tests.web.house import House, enter

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.parametrize("house", ["sqlite"], indirect=True)]

CHECKS = [not_a_server_error, status_code_conformance, response_schema_conformance, negative_data_rejection]
EXAMPLES = 15
ROLES = ("moderator", "organiser", "scribe", "helper", "screen", "speaker:1")


async def described(house: House) -> dict[str, Any]:
    async with house.browser() as browser:
        found: dict[str, Any] = (await browser.get("/schema")).json()
    return found


async def lively(house: House) -> Room:
    """A forum with something in every status."""
    room = await house.room()
    for status in ("pending", "shown", "queued", "answered", "written", "rejected", "merged", "stage"):
        await room.asked(status)
    return room


async def test_every_act_says_which_fields_it_takes(house: House) -> None:
    schema = await described(house)
    assert await described(house) == schema
    ask = schema["paths"]["/f/{code}/questions"]["post"]
    body = ask["requestBody"]["content"]["application/json"]["schema"]
    assert body["required"] == ["text"]
    assert body["additionalProperties"] is False
    operations = [operation for methods in schema["paths"].values() for operation in methods.values()]
    told = {operation["operationId"] for operation in operations if "requestBody" in operation}
    assert set(DEEDS) - {"forget"} <= told  # to forget is to erase without a receipt


@pytest.mark.long
async def test_whatever_is_sent_is_answered_as_described(house: House) -> None:
    room = await lively(house)
    async with house.browser(accept="application/json") as browser:
        await enter(browser, room, *ROLES)
        await asyncio.to_thread(try_everything, await described(house), house.address, browser, room.code)


def try_everything(raw: dict[str, Any], address: str, browser: httpx.AsyncClient, code: str) -> None:
    """Every operation with fields that fit and fields that do not; the seed is printed with what fails."""
    schema = schemathesis.openapi.from_dict(raw)
    cookies = dict(browser.cookies.items())
    number = random.randrange(2**32)
    failures: list[str] = []
    for found in schema.get_all_operations():
        operation = found.ok()
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            failures += tried(operation, mode, number, address, cookies, code)
    assert not failures, f"seed {number}\n" + "\n".join(failures)


def tried(operation: Any, mode: Any, number: int, address: str, cookies: dict[str, str], code: str) -> list[str]:
    """What went wrong with one operation, in a few lines."""

    @seed(number)
    @settings(max_examples=EXAMPLES, deadline=None, database=None, phases=[Phase.generate],
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(case=operation.as_strategy(generation_mode=mode))
    def attempt(case: Any) -> None:
        if mode is GenerationMode.POSITIVE and "code" in case.path_parameters:
            case.path_parameters["code"] = code
        headers = {"accept": "application/json"}
        answer = case.call(base_url=address, headers=headers, cookies=cookies, timeout=20)
        case.validate_response(answer, checks=CHECKS)

    try:
        attempt()
    except BaseExceptionGroup as error:
        return [f"{operation.label} {mode.value}: {type(error).__name__} {str(error)[:1500]}"]
    return []
