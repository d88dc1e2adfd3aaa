"""The administration API: the SDK's own client reads what a topology declares, on the port that messages go by."""

import http.client
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from typing import Any

import pytest
from azure.core.exceptions import ClientAuthenticationError, ResourceNotFoundError
from azure.servicebus import ServiceBusClient, ServiceBusMessage
from azure.servicebus.aio.management import ServiceBusAdministrationClient
from azure.servicebus.management import CorrelationRuleFilter, SqlRuleFilter, TrueRuleFilter

from qualification.service_bus.emulator import PlainTransport
from sandbox.service_bus import BrokerThread, Topology

# The SDK asks whether an XML element is true, of which Python 3.12 and later warn (azure-servicebus 7.15).
pytestmark = pytest.mark.filterwarnings("ignore:Testing an element's truth value:DeprecationWarning")

MANY = 120
"""More than a page of a list."""
CORRELATION = {"Label": "urgent", "Properties": {"color": "red", "n": 3, "hot": True, "ratio": 0.5}}


def _rule(kind: str, **filter_: Any) -> dict[str, Any]:
    return {"Name": kind.lower(), "Properties": {"FilterType": kind, f"{kind}Filter": filter_}}


@pytest.fixture(scope="module")
def administered() -> Iterator[BrokerThread]:
    """A broker with a queue, a topic of three subscriptions, and a topic of many."""
    properties = {
        "LockDuration": "PT45S",
        "MaxDeliveryCount": 7,
        "RequiresDuplicateDetection": True,
        "DuplicateDetectionHistoryTimeWindow": "PT4M",
        "DeadLetteringOnMessageExpiration": True,
        "ForwardTo": "",
    }
    subscriptions = [
        {"Name": "all"},
        {"Name": "sql", "Rules": [_rule("Sql", SqlExpression="color = 'red' AND n < 3")]},
        {"Name": "correlation", "Rules": [_rule("Correlation", **CORRELATION)]},
    ]
    namespace = {
        "Name": "sbemulatorns",
        "Queues": [{"Name": "work", "Properties": properties}],
        "Topics": [
            {"Name": "events", "Subscriptions": subscriptions},
            {"Name": "busy", "Subscriptions": [{"Name": f"s{number}"} for number in range(MANY)]},
        ],
    }
    with BrokerThread(Topology({"UserConfig": {"Namespaces": [namespace]}})) as running:
        yield running


def _open(connection: str) -> ServiceBusAdministrationClient:
    return ServiceBusAdministrationClient.from_connection_string(connection, transport=PlainTransport(), retry_total=0)


@pytest.fixture
async def manager(administered: BrokerThread) -> AsyncIterator[ServiceBusAdministrationClient]:
    """A client with the right Manage."""
    async with _open(administered.connection_string) as client:
        yield client


def _answer(port: int, method: str, path: str, headers: dict[str, str] | None = None) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request(method, path, headers=headers or {})
    response = connection.getresponse()
    body = response.read().decode()
    connection.close()
    return response.status, body


async def test_a_queue_is_told_as_it_is_declared(manager: ServiceBusAdministrationClient) -> None:
    """Names in any case, as addresses are; values in the SDK's own types."""
    queue = await manager.get_queue("WORK")
    assert queue.lock_duration == timedelta(seconds=45)
    assert queue.max_delivery_count == 7
    assert queue.duplicate_detection_history_time_window == timedelta(minutes=4)
    assert (queue.requires_duplicate_detection, queue.requires_session) == (True, False)
    assert queue.dead_lettering_on_message_expiration
    assert (queue.status, queue.forward_to) == ("Active", None)


async def test_a_topic_is_told_as_it_is_declared(manager: ServiceBusAdministrationClient) -> None:
    """With the number of its subscriptions."""
    topic = await manager.get_topic("events")
    assert (topic.requires_duplicate_detection, topic.status) == (False, "Active")
    assert (await manager.get_topic_runtime_properties("events")).subscription_count == 3


async def test_filters_come_as_they_are_declared(manager: ServiceBusAdministrationClient) -> None:
    """An SQL filter with its expression, a correlation filter with its values in their types; no rule is `$Default`."""
    found = {
        subscription.name: [rule async for rule in manager.list_rules("events", subscription.name)]
        async for subscription in manager.list_subscriptions("events")
    }
    assert [rule.name for rule in found["all"]] == ["$Default"]
    assert isinstance(found["all"][0].filter, TrueRuleFilter)
    sql, correlation = found["sql"][0].filter, found["correlation"][0].filter
    assert isinstance(sql, SqlRuleFilter)
    assert sql.sql_expression == "color = 'red' AND n < 3"
    assert isinstance(correlation, CorrelationRuleFilter)
    assert correlation.label == "urgent"
    assert correlation.properties == CORRELATION["Properties"]


async def test_a_list_comes_in_pages(manager: ServiceBusAdministrationClient) -> None:
    """A hundred at a time, and a link to the rest."""
    names = [subscription.name async for subscription in manager.list_subscriptions("busy")]
    assert names == [f"s{number}" for number in range(MANY)]


async def test_messages_are_counted(manager: ServiceBusAdministrationClient, administered: BrokerThread) -> None:
    """Active ones and dead letters, while messages go by the same port."""
    with (
        ServiceBusClient.from_connection_string(administered.connection_string) as client,
        client.get_queue_receiver("work") as receiver,
    ):
        with client.get_queue_sender("work") as sender:
            sender.send_messages([ServiceBusMessage("one"), ServiceBusMessage("two")])
        receiver.dead_letter_message(receiver.receive_messages(1, max_wait_time=20)[0])
        counts = await manager.get_queue_runtime_properties("work")
    assert (counts.active_message_count, counts.dead_letter_message_count) == (1, 1)


async def test_what_is_below_a_missing_entity_is_not_found(manager: ServiceBusAdministrationClient) -> None:
    """404, which the SDK turns into its own error."""
    with pytest.raises(ResourceNotFoundError):
        [rule async for rule in manager.list_rules("events", "nobody")]
    with pytest.raises(ResourceNotFoundError):
        [each async for each in manager.list_subscriptions("nowhere")]


@pytest.mark.parametrize("policy", ["RootManageSharedAccessKey", "app"])
async def test_a_missing_queue_is_an_empty_feed_for_everybody(administered: BrokerThread, policy: str) -> None:
    """Service Bus answers so before it looks at rights."""
    async with _open(administered.connection_string.replace("RootManageSharedAccessKey", policy)) as client:
        with pytest.raises(ResourceNotFoundError, match="does not exist"):
            await client.get_queue("nowhere")


@pytest.mark.parametrize(
    ("old", "new"), [("RootManageSharedAccessKey", "app"), ("SharedAccessKey=", "SharedAccessKey=x")]
)
async def test_only_a_manager_may_look(administered: BrokerThread, old: str, new: str) -> None:
    """401 for a policy without the right Manage, and for a wrong key."""
    async with _open(administered.connection_string.replace(old, new)) as client:
        with pytest.raises(ClientAuthenticationError):
            await client.get_queue("work")
        with pytest.raises(ClientAuthenticationError):
            [each async for each in client.list_subscriptions("events")]


@pytest.mark.parametrize(
    "authorization",
    [
        "",
        "Bearer eyJ",
        "SharedAccessSignature ",
        "SharedAccessSignature sr=x&sig=%3D&se=9999999999&skn=RootManageSharedAccessKey",
    ],
)
def test_nobody_looks_without_a_signature(administered: BrokerThread, authorization: str) -> None:
    """401 with a reason, whatever the header holds."""
    status, body = _answer(administered.port, "GET", "/work", {"Authorization": authorization})
    assert status == 401
    assert "<Code>401</Code>" in body


def test_nothing_can_be_changed(administered: BrokerThread) -> None:
    """The topology file says what there is."""
    assert _answer(administered.port, "PUT", "/another")[0] == 405
    assert _answer(administered.port, "DELETE", "/work")[0] == 405


def test_an_outage_is_one_for_administration_too() -> None:
    """Nobody answers while it lasts; afterwards the same port does."""
    with BrokerThread(Topology.load("sandbox/service_bus.json")) as broker:
        idle = http.client.HTTPConnection("127.0.0.1", broker.port, timeout=20)
        idle.request("GET", "/", headers={"Connection": "keep-alive"})
        idle.getresponse().read()
        broker.interrupt()
        with pytest.raises(OSError, match="refused"):
            _answer(broker.port, "GET", "/")
        with pytest.raises((OSError, http.client.HTTPException)):
            _again(idle)
        broker.resume()
        assert _answer(broker.port, "GET", "/")[0] == 401
        idle.close()


def _again(connection: http.client.HTTPConnection) -> None:
    connection.auto_open = 0
    connection.request("GET", "/")
    connection.getresponse()
