"""What the subscriptions of a HubSpot app send, which this source is not for."""

import json
from typing import Any

import pytest

from qualification.domain.errors import UnreadableBody
from qualification.webhooks.hubspot.source import HubSpot
from qualification.webhooks.source import Notice
from tests.unit.webhooks.hubspot_calls import signed


def batch(**changes: Any) -> bytes:
    """What an app's subscription sends."""
    event = {
        "eventId": 1,
        "subscriptionId": 77,
        "subscriptionType": "company.propertyChange",
        "attemptNumber": 0,
        "appId": 5,
    }
    return json.dumps([event | {"objectId": 901, "propertyName": "customer_type"} | changes]).encode()


def test_a_batch_of_an_apps_subscription_is_named(hubspot: HubSpot) -> None:
    """It holds no record; who set it up is told what to use instead, once, whatever it sends and however often."""
    [event] = hubspot.read(signed(batch()))
    assert isinstance(event, Notice)
    assert "subscriptions of a HubSpot app" in event.faults[0].detail
    assert "Send a webhook" in event.faults[0].detail
    for changes in (
        {"attemptNumber": 1},
        {"attemptNumber": 2, "eventId": 2},
        {"objectId": 902, "propertyName": "name"},
    ):
        assert hubspot.read(signed(batch(**changes))) == [event]
    assert hubspot.read(signed(batch(subscriptionId=78))) != [event]


@pytest.mark.parametrize("odd", ["x" * 5000, 10**400, None, [], True])
def test_an_odd_subscription_is_none_of_any_length(hubspot: HubSpot, odd: Any) -> None:
    """It becomes part of an id."""
    [event] = hubspot.read(signed(batch(subscriptionId=odd)))
    assert isinstance(event, Notice)
    assert len(event.event_id) < 100


def test_a_batch_of_many_subscriptions_alerts_some(hubspot: HubSpot) -> None:
    """A batch has up to a hundred events; whoever sets one right sees the others."""
    events = [{"subscriptionType": "company.creation", "subscriptionId": number, "appId": 5} for number in range(100)]
    assert len(hubspot.read(signed(json.dumps(events).encode()))) == 20


@pytest.mark.parametrize("sent", [b"[]", b"[7]", b'[{"subscriptionId": 7}]', b"7", b"null"])
def test_any_other_list_cannot_be_read(hubspot: HubSpot, sent: bytes) -> None:
    """It is no record."""
    with pytest.raises(UnreadableBody):
        hubspot.read(signed(sent))
