"""What is refused before anybody is proven costs next to nothing, and no answer is kept by anybody."""

import logging
from dataclasses import replace

import azure.functions as func
import pytest

from qualification.api import handlers
from qualification.domain.errors import ConfigurationError
from qualification.use_cases.refusals import EVERY
from qualification.webhooks.registry import SOURCES
from sandbox.crm import Call
from tests.unit.builders import EDUCATION
from tests.unit.webhooks.desk import Desk
from tests.unit.webhooks.payloads import CUSTOMER

CONTENT = {"customerTenantId": CUSTOMER, **EDUCATION}


def refusals(caplog: pytest.LogCaptureFixture) -> list[tuple[object, ...]]:
    """Source, cause and count of each line about refused calls."""
    found = [vars(record) for record in caplog.records if getattr(record, "event", "") == "sender_refused"]
    return [(each["source"], each["cause"], each["count"]) for each in found]


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("proven", [True, False])
async def test_a_body_over_the_limit_is_refused_before_a_proof(source: str, proven: bool) -> None:  # noqa: FBT001  a parameter of the rule
    """413 also where no proof came along at all; one byte less is looked at."""
    desk, largest = Desk(), SOURCES[source].largest_body
    call = (
        SOURCES[source].sample.prove(b"x" * (largest + 1), desk.settings)
        if proven
        else Call(source, b"x" * (largest + 1), {})
    )
    refused = await desk.receive(call)
    assert refused.status_code == 413
    assert (await desk.receive(replace(call, body=call.body[1:]))).status_code in {401, 422}
    assert desk.records == []


async def test_refused_calls_are_counted_and_not_logged_one_by_one(caplog: pytest.LogCaptureFixture) -> None:
    """By source and cause; a name that nobody knows has no line of its own."""
    caplog.set_level(logging.INFO)
    desk = Desk(WEBHOOK_SALESFORCE_SECRETS="", WEBHOOK_DATAVERSE_SECRETS="x")
    for number in range(50):
        await desk.receive(Call("hubspot", b"{}", {}))
        await desk.receive(Call("hubspot", b"x" * 2_000_000, {}))
        await desk.receive(Call("salesforce", b"", {}))
        await desk.receive(Call("dataverse", b"", {}))
        await desk.receive(Call(f"x{number}", b"", {}))
    seen = [
        ("hubspot", "sender-not-proven"),
        ("hubspot", "body-too-large"),
        ("salesforce", "source-not-configured"),
        ("dataverse", "source-misconfigured"),
        ("unknown", "unknown-source"),
    ]
    assert refusals(caplog) == [(*each, 1) for each in seen]
    assert len(caplog.records) == len(seen)
    desk.stage.clock.advance(EVERY)
    desk.stage.service.refusals.flush()
    assert refusals(caplog)[len(seen) :] == [(*each, 49) for each in seen]


async def test_a_good_call_is_no_refusal(caplog: pytest.LogCaptureFixture) -> None:
    """Nor is bad data of a proven sender, which is logged as ever."""
    caplog.set_level(logging.INFO)
    desk = Desk()
    await desk.receive(desk.call("hubspot", CONTENT))
    await desk.receive(desk.call("hubspot", CONTENT | {"educationSegment": "Kindergarten"}))
    assert refusals(caplog) == []
    assert "InvalidRequest" in caplog.text


async def test_no_answer_is_kept_between_here_and_the_caller() -> None:
    """Nor taken for something else by a browser: accepted, refused, health, and where settings have faults."""
    desk = Desk()
    request = func.HttpRequest("GET", "https://x.example/api/health", body=b"")
    answers = [
        await desk.receive(desk.call("standard", CONTENT)),
        await desk.receive(desk.call("salesforce", CONTENT)),
        await desk.receive(Call("hubspot", b"{}", {})),
        await desk.receive(Call("nobody", b"{}", {})),
        await handlers.health(desk.stage.service, request),
        handlers.misconfigured(ConfigurationError({"QUALIFICATION_QUEUE": "is missing"})),
    ]
    for answer in answers:
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "max-age" in handlers.openapi().headers["Cache-Control"]
