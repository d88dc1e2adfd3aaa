import gc
import json
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from azure.servicebus import ServiceBusClient, ServiceBusMessage

from sandbox.service_bus import BrokerThread, Topology

QUEUE = "qualification-requests"


def _is_open(port: int) -> bool:
    with socket.socket() as attempt:
        return attempt.connect_ex(("127.0.0.1", port)) == 0


def _client(broker: Any) -> ServiceBusClient:
    return ServiceBusClient.from_connection_string(broker.connection_string)


@pytest.fixture
def garbage() -> Iterator[None]:
    """Lets what a test leaves behind be found in that test and not in a later one."""
    yield
    gc.collect()


# The SDK never closes the socket of a connection that the other side has dropped.
@pytest.mark.filterwarnings("ignore:Exception ignored in. <socket:pytest.PytestUnraisableExceptionWarning")
@pytest.mark.usefixtures("garbage")
def test_an_outage_drops_connections_and_keeps_messages() -> None:
    """While it lasts nothing connects; afterwards the same port has the same messages."""
    with BrokerThread(Topology.load("sandbox/service_bus.json")) as broker, _client(broker) as client:
        client.get_queue_sender(QUEUE).send_messages(ServiceBusMessage("before"))
        broker.interrupt()
        assert not _is_open(broker.port)
        broker.resume()
        client.get_queue_sender(QUEUE).send_messages(ServiceBusMessage("after"))
        got = client.get_queue_receiver(QUEUE).receive_messages(2, max_wait_time=10)
        assert [str(message) for message in got] == ["before", "after"]
        assert broker.counts()[QUEUE].locked == 2


def test_a_port_that_is_taken_is_an_error() -> None:
    """The broker does not go elsewhere, and its thread ends."""
    topology = Topology.load("sandbox/service_bus.json")
    with BrokerThread(topology) as broker, pytest.raises(OSError, match="in use"), BrokerThread(topology, broker.port):
        pytest.fail("two brokers on one port")


async def test_a_broker_process_says_where_it_is_and_obeys_signals(
    launch: Callable[..., subprocess.Popen[str]], eventually: Callable[..., Any]
) -> None:
    """One JSON line when it is ready; SIGUSR1 begins an outage, SIGUSR2 ends it, SIGTERM ends the process."""
    process = launch()
    assert process.stdout
    ready = json.loads(process.stdout.readline())
    port = ready["port"]
    assert f"Endpoint=sb://127.0.0.1:{port};" in ready["connectionString"]
    assert _is_open(port)
    process.send_signal(signal.SIGUSR1)
    await eventually(lambda: not _is_open(port))
    process.send_signal(signal.SIGUSR2)
    await eventually(lambda: _is_open(port))
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 0


def test_a_broker_process_with_a_faulty_topology_does_not_start(tmp_path: Any) -> None:
    """It names the faults on standard error and ends with 1."""
    path = tmp_path / "topology.json"
    path.write_text('{"UserConfig": {"Namespaces": [{"Name": "n", "Queues": [{"Name": "q"}]}]}}', encoding="utf-8")
    command = [sys.executable, "-m", "sandbox.service_bus", "--topology", str(path)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)  # noqa: S603  our own module
    assert (ended.returncode, ended.stdout) == (1, "")
    assert "the emulator knows only sbemulatorns" in ended.stderr
