"""Service Bus in Azure and in the sandbox are the same, entity by entity.

Where they differ, Microsoft's emulator sets the limit: it keeps messages for an hour and remembers message ids for five
minutes at most (Microsoft Learn, "Azure Service Bus emulator", "Usage quotas"), and the sandbox reads its format.
"""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from pydantic import TypeAdapter

from qualification.domain.event import EventType
from qualification.domain.events import Attention, properties, refresh_token_expiring
from tests.infra.bicep import INFRA, template

EMULATED_LIFE = timedelta(hours=1)
EMULATED_MEMORY = timedelta(minutes=5)
LONGEST_MEMORY = timedelta(days=7)
MATCHES_ALL = "1=1"
duration = TypeAdapter(timedelta).validate_python


def sandbox() -> Any:
    """The namespace of sandbox/service_bus.json."""
    content = json.loads((INFRA.parent / "sandbox" / "service_bus.json").read_text(encoding="utf-8"))
    (namespace,) = content["UserConfig"]["Namespaces"]
    return namespace


def azure(symbol: str) -> Any:
    """The body of a resource of service-bus.bicep."""
    return template("modules/service-bus.bicep").resources[symbol].value


def emulated(properties: Any) -> dict[str, Any]:
    """An entity's properties in the sandbox, named as in Azure."""
    return {name[0].lower() + name[1:]: value for name, value in properties.items()}


def assert_same(azure: Any, emulated: dict[str, Any], *names: str) -> None:
    """Both have these properties, and they are equal."""
    assert {name: azure[name] for name in names} == {name: emulated[name] for name in names}


def test_both_have_the_same_queue_and_topic() -> None:
    """One of each, under the names that the code defaults to."""
    assert [queue["Name"] for queue in sandbox()["Queues"]] == [azure("queue")["name"]] == ["qualification-requests"]
    assert [topic["Name"] for topic in sandbox()["Topics"]] == [azure("topic")["name"]] == ["qualification-events"]


def test_the_queue_delivers_alike() -> None:
    """Lock, number of deliveries, dead-lettering, duplicate detection and sessions are the same."""
    assert_same(
        azure("queue")["properties"],
        emulated(sandbox()["Queues"][0]["Properties"]),
        "deadLetteringOnMessageExpiration",
        "lockDuration",
        "maxDeliveryCount",
        "requiresDuplicateDetection",
        "requiresSession",
    )


def test_duplicates_are_detected_everywhere() -> None:
    """A message that is sent again after a crash arrives once, in both."""
    for symbol, entity in (("queue", sandbox()["Queues"][0]), ("topic", sandbox()["Topics"][0])):
        assert azure(symbol)["properties"]["requiresDuplicateDetection"] is True
        assert entity["Properties"]["RequiresDuplicateDetection"] is True


@pytest.mark.parametrize(("symbol", "kind"), [("queue", "Queues"), ("topic", "Topics")])
def test_azure_remembers_and_keeps_for_longer_than_the_emulator_can(symbol: str, kind: str) -> None:
    """The exception: the sandbox is at the emulator's limits, Azure at its own memory of seven days and at two weeks."""
    deployed, local = azure(symbol)["properties"], emulated(sandbox()[kind][0]["Properties"])
    assert duration(local["duplicateDetectionHistoryTimeWindow"]) == EMULATED_MEMORY
    assert duration(deployed["duplicateDetectionHistoryTimeWindow"]) == LONGEST_MEMORY
    assert duration(local["defaultMessageTimeToLive"]) == EMULATED_LIFE
    assert duration(deployed["defaultMessageTimeToLive"]) == timedelta(days=14)


def test_every_subscription_delivers_alike() -> None:
    """All subscriptions of Azure are made from one body, so each of the sandbox's is compared with it."""
    deployed = azure("subscriptions")["properties"]
    for subscription in sandbox()["Topics"][0]["Subscriptions"]:
        local = emulated(subscription["Properties"])
        names = ("deadLetteringOnMessageExpiration", "lockDuration", "maxDeliveryCount", "requiresSession")
        assert_same(deployed, local, *names)
        assert duration(local["defaultMessageTimeToLive"]) == EMULATED_LIFE
    assert duration(deployed["defaultMessageTimeToLive"]) == timedelta(days=14)
    assert deployed["deadLetteringOnFilterEvaluationExceptions"] is True


def test_every_subscription_filters_alike() -> None:
    """The same names with the same SQL; a subscription of the emulator without a rule matches everything."""
    deployed = {
        sample["name"]: sample["sqlFilter"]
        for sample in template("modules/service-bus.bicep").variables["samples"].value
    }
    local = {}
    for subscription in sandbox()["Topics"][0]["Subscriptions"]:
        filters = [rule["Properties"]["SqlFilter"]["SqlExpression"] for rule in subscription["Rules"]]
        (local[subscription["Name"]],) = filters or [MATCHES_ALL]
    assert deployed == local


def test_a_filter_takes_the_place_of_the_rule_that_matches_everything() -> None:
    """Rules are joined by OR, so a filter beside $Default would filter nothing."""
    assert azure("filters")["name"] == "$Default"
    assert azure("filters")["properties"]["filterType"] == "SqlFilter"


def test_the_attention_filter_asks_for_what_an_event_carries() -> None:
    """The property and the value are those of a real event."""
    samples = template("modules/service-bus.bicep").variables["samples"].value
    sql = next(sample["sqlFilter"] for sample in samples if sample["name"] == "attention")
    name, value = sql.split(" = ")
    tenant, now = uuid4(), datetime.now(UTC)
    carried = properties(refresh_token_expiring(tenant, tenant, now, now))
    assert (carried[name], carried["reason"]) == (value.strip("'"), Attention.REFRESH_TOKEN_EXPIRING)
    assert carried[name] == EventType.ATTENTION_REQUIRED
