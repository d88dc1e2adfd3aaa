"""One builder of a webhook call for each source."""

from collections.abc import Callable, Mapping
from typing import Any

from sandbox.crm.call import Call
from sandbox.crm.dataverse import dataverse
from sandbox.crm.hubspot import hubspot
from sandbox.crm.salesforce import salesforce
from sandbox.webhook import signed

type Builder = Callable[[Mapping[str, Any], Mapping[str, str], str | None], Call]
"""From a request in this service's own words, app settings and an event id to a call that the service believes."""


def standard(content: Mapping[str, Any], settings: Mapping[str, str], event_id: str | None = None) -> Call:
    """A webhook of Standard Webhooks."""
    secret = settings["WEBHOOK_STANDARD_SECRETS"].split(",")[0].strip()
    return Call("standard", *signed(content, secret, event_id=event_id))


BUILDERS: Mapping[str, Builder] = {
    "dataverse": dataverse,
    "hubspot": hubspot,
    "salesforce": salesforce,
    "standard": standard,
}
