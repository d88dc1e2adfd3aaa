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

from qualification.domain.cloud_event import properties
from qualification.domain.event import EventType
from qualification.domain.events import Attention, refresh_token_expiring
from tests.infra.deployed import MAIN, ROOT, deployed

BUS = "Microsoft.ServiceBus/namespaces"
EMULATED_LIFE = timedelta(hours=1)
EMULATED_MEMORY = timedelta(minutes=5)
LONGEST_MEMORY = timedelta(days=7)
MATCHES_ALL = "1=1"
duration = TypeAdapter(timedelta).validate_python


def sandbox() -> Any:
    """The namespace of sandbox/service_bus.json."""
    content = json.loads((ROOT / "sandbox" / "service_bus.json").read_text(encoding="utf-8"))
    (namespace,) = content["UserConfig"]["Namespaces"]
    return namespace


def azure(kind: str) -> Any:
    """The one entity of a kind: `queues` or `topics`."""
    return deployed("plain").one(f"{BUS}/{kind}")


def emulated(properties: Any) -> dict[str, Any]:
    """An entity's properties in the sandbox, named as in Azure."""
    return {name[0].lower() + name[1:]: value for name, value in properties.items()}


def assert_same(azure: Any, emulated: dict[str, Any], *names: str) -> None:
    """Both have these properties, and they are equal."""
    assert {name: azure[name] for name in names} == {name: emulated[name] for name in names}


@pytest.mark.parametrize("profile", MAIN)
def test_both_have_the_same_queue_and_topic(profile: str) -> None:
    """One of each, under the names that the code defaults to and the app settings say."""
    found = deployed(profile)
    for kind, local, setting in (("queues", "Queues", "QUEUE"), ("topics", "Topics", "TOPIC")):
        name = found.one(f"{BUS}/{kind}")["name"].split("/")[1]
        assert [each["Name"] for each in sandbox()[local]] == [name] == [found.settings[f"QUALIFICATION_{setting}"]]


def test_the_queue_delivers_alike() -> None:
    """Lock, number of deliveries, dead-lettering, duplicate detection and sessions are the same."""
    assert_same(
        azure("queues")["properties"],
        emulated(sandbox()["Queues"][0]["Properties"]),
        "deadLetteringOnMessageExpiration",
        "lockDuration",
        "maxDeliveryCount",
        "requiresDuplicateDetection",
        "requiresSession",
    )


@pytest.mark.parametrize(("kind", "local"), [("queues", "Queues"), ("topics", "Topics")])
def test_azure_remembers_and_keeps_for_longer_than_the_emulator_can(kind: str, local: str) -> None:
    """The exception: the sandbox is at the emulator's limits, Azure at its own memory of seven days and at two weeks."""
    there, here = azure(kind)["properties"], emulated(sandbox()[local][0]["Properties"])
    assert there["requiresDuplicateDetection"] is here["requiresDuplicateDetection"] is True
    assert duration(here["duplicateDetectionHistoryTimeWindow"]) == EMULATED_MEMORY
    assert duration(there["duplicateDetectionHistoryTimeWindow"]) == LONGEST_MEMORY
    assert duration(here["defaultMessageTimeToLive"]) == EMULATED_LIFE
    assert duration(there["defaultMessageTimeToLive"]) == timedelta(days=14)


def test_no_subscription_is_made_that_nobody_asked_for() -> None:
    """What nobody reads fills the topic and stops it for everybody."""
    made = {name: len(deployed(name).of_type(f"{BUS}/topics/subscriptions")) for name in MAIN}
    assert {name: count for name, count in made.items() if count} == {"everything": 4}


def test_every_subscription_delivers_alike() -> None:
    """All are made from one body; none keeps what nobody has read, which would fill the topic."""
    locals_ = [emulated(each["Properties"]) for each in sandbox()["Topics"][0]["Subscriptions"]]
    for there in deployed("everything").of_type(f"{BUS}/topics/subscriptions"):
        for here in locals_:
            assert_same(there["properties"], here, "lockDuration", "maxDeliveryCount", "requiresSession")
        assert duration(there["properties"]["defaultMessageTimeToLive"]) == timedelta(days=14)
        assert there["properties"]["deadLetteringOnMessageExpiration"] is False
        assert there["properties"]["deadLetteringOnFilterEvaluationExceptions"] is True


def filters() -> dict[str, str]:
    """The filter of each subscription."""
    rules = deployed("everything").of_type(f"{BUS}/topics/subscriptions/rules")
    return {each["name"].split("/")[2]: each["properties"]["sqlFilter"]["sqlExpression"] for each in rules}


def test_every_subscription_filters_alike() -> None:
    """The same names with the same SQL; a subscription of the emulator without a rule matches everything."""
    local = {}
    for subscription in sandbox()["Topics"][0]["Subscriptions"]:
        given = [rule["Properties"]["SqlFilter"]["SqlExpression"] for rule in subscription["Rules"]]
        (local[subscription["Name"]],) = given or [MATCHES_ALL]
    assert filters() == local | {"shop": "status = 'Approved'"}


def test_a_filter_takes_the_place_of_the_rule_that_matches_everything() -> None:
    """Rules are joined by OR, so a filter beside $Default would filter nothing."""
    for each in deployed("everything").of_type(f"{BUS}/topics/subscriptions/rules"):
        assert each["name"].split("/")[3] == "$Default"
        assert each["properties"]["filterType"] == "SqlFilter"


def test_the_attention_filter_asks_for_what_an_event_carries() -> None:
    """The property and the value are those of a real event."""
    name, value = filters()["attention"].split(" = ")
    tenant, now = uuid4(), datetime.now(UTC)
    carried = properties(refresh_token_expiring(tenant, tenant, now, now))
    assert (carried[name], carried["reason"]) == (value.strip("'"), Attention.REFRESH_TOKEN_EXPIRING)
    assert carried[name] == EventType.ATTENTION_REQUIRED
