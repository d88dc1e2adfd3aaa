import time
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from sandbox.service_bus.amqp import types
from sandbox.service_bus.amqp.composites import Accepted, Error, Modified, Rejected, Released
from sandbox.service_bus.amqp.encode import section
from sandbox.service_bus.amqp.performatives import Detach, Disposition, End, Transfer
from sandbox.service_bus.entities.content import HEADER, Content
from tests.contract.broker.wire import text_message, text_of


@pytest.mark.parametrize(("state", "count"), [(Released(), 0), (Modified(), 0), (Modified(delivery_failed=True), 1)])
def test_only_a_failed_delivery_counts(client: Any, state: Any, count: int) -> None:
    """The header of the next delivery tells the failures; the confirmation repeats the outcome."""
    client.put("wire", "again")
    client.attach(1, "wire", receive=True)
    client.credit(1, 1)
    first, _ = client.next(Transfer)
    client.settle(first.delivery_id, state)
    assert client.next(Disposition)[0].state == state
    client.credit(1, 1, delivery_count=1)
    second, payload = client.next(Transfer)
    assert Content.parse(payload).header[4] == count
    assert second.delivery_tag != first.delivery_tag
    client.settle(second.delivery_id, Accepted(), settled=True)
    client.send(End())
    client.next(End)


def test_several_deliveries_are_settled_at_once(client: Any) -> None:
    """A disposition may name a range, and a range longer than what was delivered does no harm."""
    client.put("wire", "1", "2", "3")
    client.attach(1, "wire", receive=True)
    client.credit(1, 3)
    first = client.next(Transfer)[0].delivery_id
    client.settle(first, Accepted(), last=2**32 - 1)
    assert [client.next(Disposition)[0].first for _ in range(3)] == [first, first + 1, first + 2]


def test_a_delivery_can_be_settled_once(client: Any) -> None:
    """The second time its lock is gone."""
    client.put("wire", "once")
    client.attach(1, "wire", receive=True)
    client.credit(1, 1)
    number = client.next(Transfer)[0].delivery_id
    client.settle(number, Accepted())
    assert client.next(Disposition)[0].state == Accepted()
    client.settle(number, Accepted())
    refused: Any = client.next(Disposition)[0].state
    assert refused.error.condition == "com.microsoft:message-lock-lost"


def test_a_dead_letter_cannot_be_dead_lettered(client: Any) -> None:
    """It stays locked, and the client is told."""
    client.put("wire", "bad")
    reason = Rejected(Error("com.microsoft:dead-letter", "", {"DeadLetterReason": "r"}))
    client.attach(1, "wire", receive=True)
    client.credit(1, 1)
    client.settle(client.next(Transfer)[0].delivery_id, reason)
    assert client.next(Disposition)[0].state == Rejected(None)
    client.attach(2, "wire/$DeadLetterQueue", receive=True)
    client.credit(2, 1)
    number = client.next(Transfer)[0].delivery_id
    client.settle(number, reason)
    assert client.next(Disposition)[0].state.error.condition == "amqp:not-allowed"


def test_a_renewed_lock_outlives_its_first_expiry(client: Any, broker: Any) -> None:
    """Renewed again and again, a lock of half a second keeps its message for more than a second."""
    client.put("brief", "long")
    client.attach(1, "brief", receive=True)
    client.credit(1, 1)
    transfer, payload = client.next(Transfer)
    first = Content.parse(payload).annotations["x-opt-locked-until"]
    token, until = UUID(bytes_le=transfer.delivery_tag), first
    while until < first + 800:
        answer = client.ask("brief", "renew-lock", {"lock-tokens": types.Array(types.UUID16, [token])})
        assert answer.application_properties["statusCode"] == 200
        (until,) = answer.value["expirations"].items
    assert broker.counts()["brief"].locked == 1
    client.settle(transfer.delivery_id, Accepted())
    assert client.next(Disposition)[0].state == Accepted()


def test_a_lock_survives_the_link_that_took_it(client: Any) -> None:
    """After a detach its token still settles the message, by request."""
    client.put("wire", "held")
    client.attach(1, "wire", receive=True)
    client.credit(1, 1)
    token = UUID(bytes_le=client.next(Transfer)[0].delivery_tag)
    client.send(Detach(1, closed=True))
    client.next(Detach)
    body = {"disposition-status": "completed", "lock-tokens": types.Array(types.UUID16, [token])}
    assert client.ask("wire", "update-disposition", body).application_properties["statusCode"] == 200
    assert client.ask("wire", "update-disposition", body).application_properties["statusCode"] == 410


async def test_a_message_does_not_expire_while_it_is_locked(
    client: Any, broker: Any, eventually: Callable[..., Any]
) -> None:
    """Its time to live ends when it is given back; it is a dead letter then."""
    client.attach(0, "wire", receive=False)
    client.attach(1, "wire", receive=True)
    client.credit(1, 1)
    client.transfer(0, section(HEADER, [None, None, types.UInt(100)]) + text_message("old"))
    transfer, payload = client.next(Transfer)
    ends = Content.parse(payload).annotations["x-opt-enqueued-time"] / 1000 + 0.1
    before = broker.counts()["wire"].dead_lettered
    await eventually(lambda: time.time() > ends + 0.02)
    assert broker.counts()["wire"].locked == 1
    client.settle(transfer.delivery_id, Released())
    client.next(Disposition)
    assert broker.counts()["wire"].dead_lettered == before + 1


def test_a_queue_forwards_its_messages_and_its_dead_letters(client: Any, broker: Any) -> None:
    """They arrive in the queue named by ForwardTo, and dead letters, with their source, in the one that takes those."""
    client.put("front", "passed on")
    client.attach(1, "back", receive=True)
    client.credit(1, 1)
    client.settle(client.next(Transfer)[0].delivery_id, Modified(delivery_failed=True))
    client.attach(2, "graves", receive=True, snd=1)
    client.credit(2, 1)
    dead = client.next(Transfer)[1]
    assert text_of(dead) == "passed on"
    assert Content.parse(dead).annotations["x-opt-deadletter-source"] == "back"
    counts = broker.counts()
    assert counts["front"].active == counts["back"].locked == counts["back"].dead_lettered == 0


def test_a_dead_letter_that_cannot_be_forwarded_stays(client: Any, broker: Any, caplog: Any) -> None:
    """A queue with sessions refuses one without a session id: it is in the dead-letter queue, and the log says why."""
    client.put("misled", "kept")
    client.attach(1, "misled", receive=True)
    client.credit(1, 1)
    client.settle(client.next(Transfer)[0].delivery_id, Modified(delivery_failed=True))
    assert client.next(Disposition)[0].state == Modified(delivery_failed=True)
    assert broker.counts()["misled"].dead_lettered == 1
    assert "dead letter of misled cannot be forwarded" in caplog.text
