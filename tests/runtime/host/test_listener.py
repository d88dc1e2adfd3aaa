"""The Service Bus listener against a receiver that says what the test wants; test_queues has the real broker."""

import asyncio
import logging
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from sandbox.functions_host.functions import Function, ServiceBusTrigger
from sandbox.functions_host.host_json import HostJson
from sandbox.functions_host.invocation import Outcome
from sandbox.functions_host.messages import TypedData
from sandbox.functions_host.service_bus_listener import ServiceBusListener
from sandbox.functions_host.service_bus_messages import metadata_of, promote

TRIGGER = ServiceBusTrigger("message", "Bus", "work", "", "", binary=False)
FUNCTION = Function("submit", "id", TRIGGER)


def _message(**fields: Any) -> Any:
    valid = {
        "body_type": SimpleNamespace(value="data"),
        "body": [b'{"a": ', b"1}"],
        "application_properties": {b"kind": b"new", b"n": 1},
        "delivery_count": 0,
        "enqueued_time_utc": datetime(2026, 11, 20, 10, 0, 0, 120_000, UTC),
        "expires_at_utc": None,
        "locked_until_utc": datetime.now(UTC) + timedelta(minutes=1),
        "message_id": "m1",
        "sequence_number": 7,
        "lock_token": "t",
    }
    absent = ("dead_letter_source", "content_type", "reply_to", "to", "subject", "correlation_id", "session_id")
    others = ("reply_to_session_id", "partition_key")
    return SimpleNamespace(**dict.fromkeys((*absent, *others)) | valid | fields)


class Receiver:
    """Hands out what it was given, then waits; notes every settlement."""

    def __init__(self, *script: Any) -> None:
        self.script, self.settled = list(script), list[tuple[str, str]]()

    async def receive_messages(self, max_message_count: int, max_wait_time: float) -> list[Any]:  # noqa: ARG002  the SDK's names
        """Give or raise the next item of the script."""
        await asyncio.sleep(0)
        if not self.script:
            await asyncio.sleep(max_wait_time)
            return []
        item = self.script.pop(0)
        if isinstance(item, Exception):
            raise item
        return [item] if item else []

    async def complete_message(self, message: Any) -> None:
        """Note it."""
        self.settled.append(("complete", message.message_id))

    async def abandon_message(self, message: Any) -> None:
        """Note it."""
        self.settled.append(("abandon", message.message_id))


class Client:
    """Gives out one receiver."""

    def __init__(self, receiver: Receiver) -> None:
        self.receiver, self.closed = receiver, False

    def get_queue_receiver(self, _queue: str, prefetch_count: int) -> Receiver:  # noqa: ARG002  the SDK's name
        """Give the receiver."""
        return self.receiver

    async def close(self) -> None:
        """Note it."""
        self.closed = True


class Invoker:
    """Ends each call as its body says; counts how many run at once."""

    def __init__(self) -> None:
        self.running, self.most, self.seen = 0, 0, list[str]()

    async def invoke(
        self, _function: Function, value: TypedData, _metadata: Mapping[str, TypedData], _trace: str | None
    ) -> Outcome:
        """Run for a few turns of the loop."""
        self.running += 1
        self.most = max(self.most, self.running)
        for _ in range(20):
            await asyncio.sleep(0)
        self.running -= 1
        self.seen.append(value.__dict__["string"])
        return Outcome("i", "failed" if "fail" in value.__dict__["string"] else None)


async def _run(receiver: Receiver, settled: int) -> Invoker:
    host_json = HostJson("api", None, 2, timedelta(minutes=5), 0, 1)
    client, invoker = Client(receiver), Invoker()
    listener = ServiceBusListener(FUNCTION, client, host_json, invoker)  # type: ignore[arg-type]  # stand-ins for both
    listener.start()
    async with asyncio.timeout(30):
        while len(receiver.settled) < settled or receiver.script:  # noqa: ASYNC110  stand-ins have no event to wait for
            await asyncio.sleep(0.01)
    await listener.stop_receiving()
    await listener.close()
    assert client.closed
    return invoker


async def test_success_completes_and_failure_abandons() -> None:
    """Redelivery and dead-lettering are left to the broker."""
    receiver = Receiver(_message(message_id="good"), _message(message_id="bad", body=[b"fail"]))
    await _run(receiver, 2)
    assert sorted(receiver.settled) == [("abandon", "bad"), ("complete", "good")]


async def test_no_more_calls_run_at_once_than_host_json_allows() -> None:
    """A message is only received when there is a slot for it, so its lock does not age in a queue of ours."""
    receiver = Receiver(*(_message(message_id=str(number)) for number in range(7)))
    invoker = await _run(receiver, 7)
    assert invoker.most == 2


@pytest.mark.parametrize("fields", [{"body": [b"\xff"]}, {"body_type": SimpleNamespace(value="value")}])
async def test_a_body_that_is_no_text_is_abandoned(fields: dict[str, Any]) -> None:
    """A string parameter needs data sections in UTF-8; the function is not called."""
    receiver = Receiver(_message(**fields))
    invoker = await _run(receiver, 1)
    assert invoker.seen == []
    assert receiver.settled == [("abandon", "m1")]


async def test_an_outage_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    """The broker goes away and comes back: one line for each, however many tries there were."""
    caplog.set_level(logging.INFO, logger="sandbox.functions_host")
    gone = ConnectionError("the broker is away\nand more")
    receiver = Receiver(None, gone, gone, gone, _message(), gone, None, _message(message_id="m2"))
    await _run(receiver, 2)
    assert [record.getMessage() for record in caplog.records] == [
        "submit: cannot listen on work, will go on trying: the broker is away",
        "submit: listening on work again",
    ] * 2


def _plain(metadata: Mapping[str, TypedData]) -> dict[str, tuple[str, object]]:
    return {name: next(iter(value.__dict__.items())) for name, value in metadata.items()}


def test_metadata_is_what_the_extension_sends() -> None:
    """Strings stay strings, the rest is JSON, nulls are left out, UTC times have no zone, counts begin at 1."""
    assert _plain(metadata_of(_message())) == {
        "DeliveryCount": ("json", "1"),
        "LockToken": ("string", "t"),
        "ExpiresAtUtc": ("json", '"9999-12-31T23:59:59.9999999"'),
        "ExpiresAt": ("json", '"9999-12-31T23:59:59.9999999+00:00"'),
        "EnqueuedTimeUtc": ("json", '"2026-11-20T10:00:00.12"'),
        "EnqueuedTime": ("json", '"2026-11-20T10:00:00.12+00:00"'),
        "MessageId": ("string", "m1"),
        "SequenceNumber": ("json", "7"),
        "ApplicationProperties": ("json", '{"kind": "new", "n": 1}'),
        "UserProperties": ("json", '{"kind": "new", "n": 1}'),
    }


def test_application_properties_become_json() -> None:
    """Bytes that are no text become base64, times ISO 8601; without properties there is an empty object, never nothing."""
    properties = {"raw": b"\xff", "at": datetime(2026, 1, 2, tzinfo=UTC), "yes": True, "none": None}
    told = _plain(metadata_of(_message(application_properties=properties)))["UserProperties"]
    assert told == ("json", '{"raw": "/w==", "at": "2026-01-02T00:00:00+00:00", "yes": true, "none": null}')
    assert _plain(metadata_of(_message(application_properties=None)))["UserProperties"] == ("json", "{}")


@pytest.mark.parametrize(
    ("member", "promoted"),
    [
        ('"messageid": "forged"', {"MessageId": ("string", "forged")}),
        ('"DeliveryCount": 5', {"DeliveryCount": ("string", "5")}),
        ('"Subject": true', {"Subject": ("string", "True")}),
        ('"new": {"a": [1]}', {"new": ("json", '{"a": [1]}')}),
        ('"at": "2026-11-20T10:00:00+01:00"', {"at": ("string", "11/20/2026 09:00:00")}),
        ('"at": "2026-T"', {"at": ("string", "2026-T")}),
        ('"MessageId": null', {}),
        ('"MessageId": [1]', {}),
    ],
)
def test_members_of_a_json_body_overwrite_the_metadata(member: str, promoted: dict[str, tuple[str, object]]) -> None:
    """Without regard to case, as text; arrays and nulls do not."""
    metadata = {"MessageId": TypedData(string="m1"), "DeliveryCount": TypedData(json="1")}
    assert _plain(promote(f"{{{member}}}", metadata)) == _plain(metadata) | promoted


@pytest.mark.parametrize("body", ["", "text", "[1]", "{broken"])
def test_other_bodies_promote_nothing(body: str) -> None:
    """Only a JSON object has members."""
    metadata = {"MessageId": TypedData(string="m1")}
    assert promote(body, metadata) == metadata
