import copy
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from sandbox.service_bus import Topology, TopologyError

OURS = Path("sandbox/service_bus.json")


@pytest.fixture
def data() -> Any:
    """This project's own topology, for a test to change."""
    return json.loads(OURS.read_text(encoding="utf-8"))


def _namespace(data: Any) -> Any:
    return data["UserConfig"]["Namespaces"][0]


def _faults(data: Any) -> list[str]:
    with pytest.raises(TopologyError) as error:
        Topology(data)
    return error.value.faults


def test_the_projects_own_topology_is_within_the_emulators_limits() -> None:
    """The queue and the topic that the service uses, with duplicate detection, and three subscriptions."""
    namespace = Topology.load(OURS).namespace
    (queue,), (topic,) = namespace.queues, namespace.topics
    assert (queue.name, queue.properties.max_delivery_count) == ("qualification-requests", 10)
    assert queue.properties.lock_duration == timedelta(minutes=1)
    assert queue.properties.requires_duplicate_detection
    assert topic.properties.requires_duplicate_detection
    assert [subscription.name for subscription in topic.subscriptions] == ["all", "decisions", "attention"]


def test_what_is_left_out_has_the_emulators_default() -> None:
    """A name is all that a queue needs."""
    namespace = {"Name": "sbemulatorns", "Queues": [{"Name": "q"}]}
    (queue,) = Topology({"UserConfig": {"Namespaces": [namespace]}}).namespace.queues
    assert queue.properties.lock_duration == timedelta(minutes=1)
    assert queue.properties.max_delivery_count == 3
    assert queue.properties.default_message_time_to_live == timedelta(hours=1)


@pytest.mark.parametrize(
    ("name", "value", "fault"),
    [
        ("LockDuration", "1 minute", "ISO 8601"),
        ("LockDuration", "PT0S", "greater than"),
        ("MaxDeliveryCount", 0, "greater than"),
        ("RequiresSession", "perhaps", "boolean"),
        ("Colour", "red", "Extra inputs"),
        ("ForwardTo", "nowhere", "there is no queue or topic 'nowhere'"),
        ("ForwardDeadLetteredMessagesTo", "nowhere", "there is no queue or topic 'nowhere'"),
    ],
)
def test_a_fault_names_the_entity_and_the_property(data: Any, name: str, value: Any, fault: str) -> None:
    """Whoever reads it knows where to look."""
    _namespace(data)["Queues"][0]["Properties"][name] = value
    (found,) = _faults(data)
    assert found.startswith(f"queue 'qualification-requests': {name}: ")
    assert fault in found


def test_a_malformed_filter_names_the_rule(data: Any) -> None:
    """Together with its topic, its subscription and the position in the expression."""
    rule = _namespace(data)["Topics"][0]["Subscriptions"][1]["Rules"][0]
    rule["Properties"]["SqlFilter"]["SqlExpression"] = "status IN 'Approved'"
    (found,) = _faults(data)
    assert found.startswith("topic 'qualification-events': subscription 'decisions': rule 'decided': SqlExpression: ")
    assert "position 11" in found


@pytest.mark.parametrize(
    ("properties", "fault"),
    [
        ({"FilterType": "Correlation"}, "needs a CorrelationFilter"),
        ({"FilterType": "Sql"}, "needs a SqlFilter"),
        ({"FilterType": "Correlation", "CorrelationFilter": {}}, "no property to compare"),
        ({"FilterType": "Sql", "SqlFilter": {"SqlExpression": "1=1"}, "Action": {}}, "Extra inputs"),
    ],
)
def test_a_rule_has_the_filter_of_its_type(data: Any, properties: Any, fault: str) -> None:
    """And nothing that this broker would have to ignore, such as an action."""
    _namespace(data)["Topics"][0]["Subscriptions"][1]["Rules"][0]["Properties"] = properties
    (found,) = _faults(data)
    assert "rule 'decided'" in found
    assert fault in found


def test_two_entities_cannot_share_a_name(data: Any) -> None:
    """Neither two queues nor a queue and a topic, in whatever case."""
    _namespace(data)["Queues"].append({"Name": "Qualification-Events"})
    assert _faults(data) == [
        "there are two entities 'qualification-events' (names are compared without regard to case)"
    ]


def test_messages_cannot_be_forwarded_in_a_circle(data: Any) -> None:
    """They would never arrive anywhere."""
    _namespace(data)["Queues"] += [{"Name": "a", "Properties": {"ForwardTo": "b"}}]
    _namespace(data)["Queues"] += [{"Name": "b", "Properties": {"ForwardTo": "A"}}]
    assert len(_faults(data)) == 2


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DefaultMessageTimeToLive", "PT2H"),
        ("DuplicateDetectionHistoryTimeWindow", "PT6M"),
        ("LockDuration", "PT3S"),
        ("MaxDeliveryCount", 11),
    ],
)
def test_a_file_keeps_to_the_emulators_limits(data: Any, tmp_path: Path, name: str, value: Any) -> None:
    """One file drives Microsoft's emulator as well; a test may go beyond the limits in Python."""
    _namespace(data)["Queues"][0]["Properties"][name] = value
    path = tmp_path / "topology.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(TopologyError, match=f"queue 'qualification-requests': {name}: "):
        Topology.load(path)
    assert (
        Topology.load(OURS).with_properties("qualification-requests", **{name: value}).namespace
        == Topology(data).namespace
    )


def test_a_file_that_is_not_json_says_so(tmp_path: Path) -> None:
    """With its path."""
    path = tmp_path / "topology.json"
    path.write_text("{", encoding="utf-8")
    with pytest.raises(TopologyError, match=r"topology\.json: not JSON"):
        Topology.load(path)


def test_an_altered_topology_leaves_the_original_alone() -> None:
    """Of a subscription, too, and with fractions of a second."""
    original = Topology.load(OURS)
    before = copy.deepcopy(original.namespace)
    altered = original.with_properties("qualification-events/Subscriptions/all", LockDuration="PT0.5S")
    assert altered.namespace.topics[0].subscriptions[0].properties.lock_duration == timedelta(seconds=0.5)
    assert original.namespace == before
    with pytest.raises(TopologyError, match="no entity 'nowhere'"):
        original.with_properties("nowhere", LockDuration="PT1S")
