"""A topology with one subscription more."""

import pytest

from sandbox.service_bus import Topology, TopologyError
from sandbox.world import TOPOLOGY

TOPIC = "qualification-events"


def subscriptions(topology: Topology) -> list[str]:
    """The names of the topic's subscriptions."""
    [topic] = topology.namespace.topics
    return [each.name for each in topic.subscriptions]


def test_a_subscription_comes_beside_the_others() -> None:
    """It takes every message; the topology that it was made of stays as it is."""
    topology = Topology.load(TOPOLOGY)
    more = topology.with_subscription(TOPIC, "console")
    assert subscriptions(more) == [*subscriptions(topology), "console"]
    assert more.namespace.topics[0].subscriptions[-1].rules == ()


def test_one_that_is_there_already_stays_as_it_is() -> None:
    """With its rules; names are compared without regard to case."""
    topology = Topology.load(TOPOLOGY)
    assert topology.with_subscription(TOPIC.upper(), "Attention").namespace == topology.namespace


def test_a_topic_that_is_missing_is_named() -> None:
    """Whoever brings a topology of their own reads what it lacks."""
    with pytest.raises(TopologyError, match="there is no topic 'elsewhere'"):
        Topology.load(TOPOLOGY).with_subscription("elsewhere", "console")
