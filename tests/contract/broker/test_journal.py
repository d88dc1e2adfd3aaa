import json
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sandbox.service_bus import BrokerThread, Counts, Topology
from sandbox.service_bus.amqp.composites import Accepted, Error, Modified, Rejected
from sandbox.service_bus.amqp.encode import section
from sandbox.service_bus.amqp.performatives import Disposition, Transfer
from sandbox.service_bus.amqp.types import Array, Int, Symbol, Timestamp, UInt
from sandbox.service_bus.entities.content import MESSAGE_ANNOTATIONS, PROPERTIES, Content
from tests.contract.broker.wire import Wire, text_message, text_of


@pytest.fixture
def topology() -> Topology:
    """A queue with duplicate detection and one with sessions."""
    queues = [
        {"Name": "q", "Properties": {"RequiresDuplicateDetection": True}},
        {"Name": "s", "Properties": {"RequiresSession": True}},
    ]
    return Topology({"UserConfig": {"Namespaces": [{"Name": "sbemulatorns", "Queues": queues}]}})


def _settle_one(client: Wire, credit: int, state: Any) -> None:
    client.credit(1, 1, delivery_count=credit)
    client.settle(client.next(Transfer)[0].delivery_id or 0, state)
    client.next(Disposition)


def _take(client: Wire, queue: str) -> Content:
    client.attach(2, queue, receive=True, snd=1)
    client.credit(2, 1)
    return Content.parse(client.next(Transfer)[1])


def test_every_message_comes_back_in_its_state(topology: Topology, tmp_path: Path) -> None:
    """Active, given back, deferred, scheduled and dead ones; a locked one is free again and a completed one is gone."""
    later = section(MESSAGE_ANNOTATIONS, {Symbol("x-opt-scheduled-enqueue-time"): Timestamp(time.time() * 1000 + 4e5)})
    with BrokerThread(topology, journal=tmp_path / "journal") as first:
        client = Wire(first.port)
        client.put("q", "completed", "deferred", "dead", "failed", "waiting")
        client.transfer(0, later + text_message("scheduled"))
        client.next(Disposition)
        client.attach(1, "q", receive=True)
        _settle_one(client, 0, Accepted())
        _settle_one(client, 1, Modified(delivery_failed=True, undeliverable_here=True))
        _settle_one(client, 2, Rejected(Error("x", "", {"DeadLetterReason": "bad"})))
        _settle_one(client, 3, Modified(delivery_failed=True))
        client.credit(1, 1, delivery_count=4)
        client.next(Transfer)
        assert first.counts()["q"] == Counts(active=1, locked=1, scheduled=1, deferred=1, dead_lettered=1)
        shutil.copy(tmp_path / "journal", tmp_path / "killed")
        client.close()

    with BrokerThread(topology, journal=tmp_path / "killed") as second:
        assert second.counts()["q"] == Counts(active=2, locked=0, scheduled=1, deferred=1, dead_lettered=1)
        client = Wire(second.port)
        failed = _take(client, "q")
        assert (text_of(failed.encode()), failed.header[4]) == ("failed", 1)
        numbers = {"sequence-numbers": Array(0x81, [2]), "receiver-settle-mode": UInt(0)}
        (fetched,) = client.ask("q", "receive-by-sequence-number", numbers).value["messages"]
        assert text_of(fetched["message"]) == "deferred"
        client.put("q", "new")
        peeked = client.ask("q", "peek-message", {"from-sequence-number": 1, "message-count": Int(9)}).value["messages"]
        numbers_left = [Content.parse(each["message"]).annotations["x-opt-sequence-number"] for each in peeked]
        assert numbers_left == [5, 6, 7]  # a number is never given twice
        client.close()


def test_duplicates_and_session_states_are_remembered(topology: Topology, tmp_path: Path) -> None:
    """Over two restarts, the second of which reads what the first has rewritten."""
    repeated = section(PROPERTIES, ["same"]) + text_message("once")
    with BrokerThread(topology, journal=tmp_path / "journal") as broker:
        client = Wire(broker.port)
        client.attach(0, "q", receive=False)
        client.transfer(0, repeated)
        client.next(Disposition)
        client.attach(1, "s", receive=True, session="one")
        client.ask("s", "set-session-state", {"session-id": "one", "session-state": b"half way"})
        client.close()
    for _ in range(2):
        with BrokerThread(topology, journal=tmp_path / "journal") as broker:
            client = Wire(broker.port)
            client.attach(0, "q", receive=False)
            client.transfer(0, repeated)
            client.next(Disposition)
            assert broker.counts()["q"].active == 1
            client.attach(1, "s", receive=True, session="one")
            answer = client.ask("s", "get-session-state", {"session-id": "one"})
            assert answer.value["session-state"] == b"half way"
            client.close()


def test_a_line_that_was_being_written_is_left_out(topology: Topology, tmp_path: Path) -> None:
    """What stands before it counts; a line in the middle that is none is an error."""
    journal = tmp_path / "journal"
    with BrokerThread(topology, journal=journal) as broker:
        client = Wire(broker.port)
        client.put("q", "1", "2")
        client.close()
    whole = journal.read_bytes()
    journal.write_bytes(whole[:-20])
    with BrokerThread(topology, journal=journal) as broker:
        assert broker.counts()["q"].active == 1
    journal.write_bytes(b'["nonsense"]\n' + whole)
    with pytest.raises(ValueError, match="nonsense"), BrokerThread(topology, journal=journal):
        pytest.fail("started from nonsense")


def test_a_killed_process_loses_nothing(launch: Callable[..., Any], tmp_path: Path) -> None:
    """A message that was confirmed is there after kill -9, on the same port."""
    journal = str(tmp_path / "journal")
    process = launch("--journal", journal)
    port = json.loads(process.stdout.readline())["port"]
    client = Wire(port)
    client.put("qualification-requests", "confirmed")
    process.kill()
    process.wait()
    client.close()
    again = launch("--journal", journal, "--port", str(port))
    assert json.loads(again.stdout.readline())["port"] == port
    client = Wire(port)
    assert text_of(_take(client, "qualification-requests").encode()) == "confirmed"
    client.close()
