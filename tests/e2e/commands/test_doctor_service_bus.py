"""What the doctor sees of queue, topic and subscriptions."""

import json
from typing import Any

from azure.servicebus import ServiceBusClient, ServiceBusMessage

from sandbox.service_bus import BrokerThread, Topology
from sandbox.world import TOPOLOGY
from tests.e2e.command_process import ALL_WELL, WARNINGS, run
from tests.e2e.commands.finding import finding


def a_topology(**changes: Any) -> Topology:
    """The sandbox's own topology with other properties: `queue`, `topic` or `subscriptions`."""
    data = json.loads(TOPOLOGY.read_text())
    namespace = data["UserConfig"]["Namespaces"][0]
    namespace["Queues"][0]["Properties"] |= changes.get("queue", {})
    namespace["Topics"][0]["Properties"] |= changes.get("topic", {})
    namespace["Topics"][0]["Subscriptions"] = changes.get("subscriptions", namespace["Topics"][0]["Subscriptions"])
    return Topology(data)


def test_what_this_sign_in_may_not_see_is_not_checked_and_no_fault(settings: dict[str, str]) -> None:
    """The service itself may only send and receive, and a script that runs the doctor as the service must not fail."""
    key = settings["ServiceBusConnection"].replace("RootManageSharedAccessKey", "SendAndListen")
    code, output = run("doctor", {**settings, "ServiceBusConnection": key})
    assert code == ALL_WELL, output
    assert finding(output, "Service Bus, entities").startswith("not checked")
    assert "Azure Service Bus Data Owner" in " ".join(output.split())
    assert "Subscription decisions" not in output


def test_the_doctor_sees_what_weakens_the_promises(settings: dict[str, str]) -> None:
    """Each warning names the entity and the property; nothing stops yet."""
    rule = {"FilterType": "Sql", "SqlFilter": {"SqlExpression": "state = 'Approved' OR status = 'Aproved'"}}
    correlation = {"FilterType": "Correlation", "CorrelationFilter": {"Properties": {"qualification": "GCC"}}}
    topology = a_topology(
        queue={"RequiresDuplicateDetection": False, "LockDuration": "PT1S", "MaxDeliveryCount": 1},
        topic={"DuplicateDetectionHistoryTimeWindow": "PT30S"},
        subscriptions=[
            {"Name": "shop", "Rules": [{"Name": "mine", "Properties": rule}]},
            {"Name": "billing", "Rules": [{"Name": "gcc", "Properties": correlation}]},
        ],
    )
    with BrokerThread(topology) as weak:
        code, output = run("doctor", {**settings, "ServiceBusConnection": weak.connection_string})
    assert code == WARNINGS, output
    told = " ".join(output.split())
    assert finding(output, "Queue, properties").startswith("warning")
    assert "detects no duplicates" in told
    assert "max delivery count is 1" in told
    assert "PARTNER_CENTER_TIMEOUT" in told
    assert finding(output, "Topic, properties").startswith("warning")
    assert finding(output, "Subscription shop").startswith("warning")
    assert "rule mine: no event has a property state" in told
    assert "rule mine: status is never 'Aproved'" in told
    assert "rule gcc: qualification is never 'GCC'" in told


def test_events_that_reach_nobody_are_a_warning(settings: dict[str, str]) -> None:
    """A topic without a subscription drops what it takes."""
    with BrokerThread(a_topology(subscriptions=[])) as deaf:
        code, output = run("doctor", {**settings, "ServiceBusConnection": deaf.connection_string})
    assert code == WARNINGS, output
    assert finding(output, "events reach nobody").startswith("warning")


def test_dead_letters_of_queue_and_subscription_are_warnings(settings: dict[str, str]) -> None:
    """Somebody should read why they died."""
    queue, topic = settings["QUALIFICATION_QUEUE"], settings["QUALIFICATION_TOPIC"]
    with BrokerThread(a_topology()) as broker:
        with ServiceBusClient.from_connection_string(broker.connection_string) as client:
            for sender, receiver in (
                (client.get_queue_sender(queue), client.get_queue_receiver(queue)),
                (client.get_topic_sender(topic), client.get_subscription_receiver(topic, "all")),
            ):
                with sender, receiver:
                    sender.send_messages(ServiceBusMessage("nonsense"))
                    receiver.dead_letter_message(receiver.receive_messages(1, max_wait_time=20)[0])
        code, output = run("doctor", {**settings, "ServiceBusConnection": broker.connection_string})
    assert code == WARNINGS, output
    assert finding(output, "Queue, receiving").startswith("warning")
    assert finding(output, "Subscription all").startswith("warning")
    assert finding(output, "Subscription decisions").startswith("ok")
