"""What the webhook subscriptions of a HubSpot app send: lists of changes without the record they are about.

HubSpot developer documentation, "Webhooks API" (a list, `subscriptionId`, `appId`; the same event comes again with another
`attemptNumber`). They are signed with the secret that signs a workflow's calls.
"""

from collections.abc import Mapping
from typing import Any

from qualification.domain.errors import Fault
from qualification.webhooks.source import Notice

WRONG_KIND = (
    "This is a batch of webhook subscriptions of a HubSpot app, which hold no properties of the record. Delete the "
    'subscriptions, and let a workflow send the record by its action "Send a webhook".'
)
MOST = 20
"""Subscriptions that are alerted for one batch; a batch has up to 100 events."""


def app_subscriptions(content: Any) -> list[Notice]:
    """A notice for each subscription in a batch, the same whatever event it sends and however often; none of anything else."""
    events = content if isinstance(content, list) else []
    subscriptions = {
        f"app-subscription:{_number(event, 'appId')}:{_number(event, 'subscriptionId')}": None
        for event in events
        if isinstance(event, Mapping) and "subscriptionType" in event
    }
    return [Notice(name, {}, (Fault("", WRONG_KIND),)) for name in list(subscriptions)[:MOST]]


def _number(event: Mapping[str, Any], name: str) -> str:
    # Whatever else stands there must not make an id of any length.
    value = event.get(name)
    return str(value) if isinstance(value, int) and abs(value) < 10**18 else ""
