import logging
from typing import Any

import pytest

from sandbox.service_bus.amqp import types
from sandbox.service_bus.amqp.performatives import (
    Attach,
    Detach,
    Disposition,
    Flow,
    Transfer,
)
from tests.contract.broker.wire import text_message, text_of


@pytest.mark.parametrize(
    ("address", "receive", "session", "condition"),
    [
        ("nowhere", True, "none", "amqp:not-found"),
        ("nowhere/$management", True, "none", "amqp:not-found"),
        ("events-sync/Subscriptions/nowhere", True, "none", "amqp:not-found"),
        ("events-sync/Subscriptions/all", False, "none", "amqp:not-allowed"),
        ("wire/$DeadLetterQueue", False, "none", "amqp:not-allowed"),
        ("events-sync", True, "none", "amqp:not-allowed"),
        ("sessions", True, "none", "amqp:not-allowed"),
        ("wire", True, "s", "amqp:not-allowed"),
    ],
)
def test_a_refused_link_has_no_source_and_target_and_a_reason(
    client: Any, address: str, session: str, condition: str, *, receive: bool
) -> None:
    """It is attached with nulls and detached at once; what the client still sends on it is ignored."""
    client.attach(3, address, receive=receive, session=session)
    attach, _ = client.next(Attach)
    assert attach.source is attach.target is None
    detach, _ = client.next(Detach)
    assert (detach.closed, detach.error.condition) == (True, condition)
    client.transfer(3, text_message("ignored"))
    client.credit(3, 5)
    client.put("crowded", "works")
    client.attach(1, "crowded", receive=True, snd=1)
    client.credit(1, 1)
    assert text_of(client.next(Transfer)[1]) == "works"


def test_addresses_are_compared_without_scheme_host_and_case(client: Any) -> None:
    """The SDK sends URIs, and Service Bus does not mind upper and lower case."""
    client.put("amqps://localhost:1/WIRE", "found")
    client.attach(1, "Wire", receive=True, snd=1)
    client.credit(1, 1)
    assert text_of(client.next(Transfer)[1]) == "found"


def test_a_malformed_message_is_rejected_and_the_link_goes_on(client: Any) -> None:
    """The error has a condition, a description and an info map: with less the SDK hangs."""
    client.attach(0, "wire", receive=False)
    client.transfer(0, b"\x00\x53\x73\xc0\xff\x01")
    rejected: Any = client.next(Disposition)[0].state
    assert (rejected.error.condition, rejected.error.info) == ("amqp:decode-error", {})
    client.transfer(0, b"garbage")
    assert client.next(Disposition)[0].state.error.condition == "amqp:decode-error"


def test_a_settled_transfer_gets_no_disposition_and_an_aborted_one_is_dropped(client: Any) -> None:
    """Only the message that asks for it is answered."""
    client.attach(0, "crowded", receive=False)
    client.transfer(0, text_message("settled"), settled=True)
    client.transfer(0, b"part", aborted=True)
    client.transfer(0, text_message("asked"))
    assert client.next(Disposition)[0].first == 2
    client.attach(1, "crowded", receive=True, snd=1)
    client.credit(1, 2)
    assert [text_of(client.next(Transfer)[1]) for _ in range(2)] == ["settled", "asked"]


def test_a_drained_link_says_that_nothing_is_left(client: Any) -> None:
    """What is there is delivered first, then the credit is used up."""
    client.put("wire", "last")
    client.attach(1, "wire", receive=True, snd=1)
    client.credit(1, 5, drain=True)
    assert text_of(client.next(Transfer)[1]) == "last"
    flow, _ = client.next(Flow)
    while flow.handle != 1:
        flow, _ = client.next(Flow)
    assert (flow.drain, flow.link_credit, flow.delivery_count) == (True, 0, 5)


def test_an_error_of_the_broker_on_a_link_detaches_the_link(client: Any, caplog: Any) -> None:
    """The link ends with amqp:internal-error and the log has the traceback; the session goes on."""
    client.attach(1, "wire", receive=True)
    with caplog.at_level(logging.ERROR):
        client.send(_Malformed(handle=1))
        detach, _ = client.next(Detach)
    assert (detach.handle, detach.error.condition) == (1, "amqp:internal-error")
    assert "Traceback" in caplog.text
    client.put("crowded", "on")
    client.attach(2, "crowded", receive=True, snd=1)
    client.credit(2, 1)
    assert text_of(client.next(Transfer)[1]) == "on"


class _Malformed(Flow):
    """A flow whose delivery count is a string."""

    def described(self) -> types.Described:
        fields = [types.UInt(0), types.UInt(9), types.UInt(0), types.UInt(9), types.UInt(self.handle or 0), "many"]
        return types.Described(types.ULong(0x13), fields)
