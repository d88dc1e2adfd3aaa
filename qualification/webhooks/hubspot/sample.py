"""The webhook action of a HubSpot workflow on companies, signed with version 3."""

import json
import zlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from qualification.webhooks.hubspot.signature import Signed, signature_v3
from qualification.webhooks.sample import Call, Sample, first, in_their_words

PORTAL = 62515
URL = "https://qualifications.example/api/webhooks/hubspot"
"""What would stand in HubSpot; the host that is called may be another one, as behind a gateway."""
FIELDS: dict[str, Any] = {
    "customerTenantId": "microsoft_tenant_id",
    "qualification": {
        "field": "customer_type",
        "values": {
            "School or university": "Education",
            "City or county": "GovernmentCommunityCloud",
            "State-owned company": "StateOwnedEntity",
            "*": None,
        },
    },
    "educationSegment": {"field": "school_level", "values": {"K-12": "K12", "Higher Ed": "HigherEducation"}},
    "website": "website",
}


def new_settings() -> dict[str, str]:
    """App settings with a new secret."""
    return {
        "WEBHOOK_HUBSPOT_SECRETS": str(uuid4()),
        "WEBHOOK_HUBSPOT_URL": URL,
        "WEBHOOK_HUBSPOT_FIELDS": json.dumps(FIELDS),
    }


def build(content: Mapping[str, Any], settings: Mapping[str, str], event_id: str | None = None) -> Call:
    """A company that has just been enrolled.

    Args:
        content: the request, in this service's own words.
        settings: app settings, with the secret and the URL that is signed.
        event_id: any text that stands for the company; HubSpot names no events.
    """
    now = _milliseconds()
    company = zlib.crc32((event_id or str(content.get("customerTenantId"))).encode())
    properties = in_their_words(content, FIELDS) | {"hs_object_id": str(company)}
    body = json.dumps(
        {
            "portalId": PORTAL,
            "objectType": "COMPANY",
            "objectTypeId": "0-2",
            "objectId": company,
            "properties": {
                name: {"value": value, "timestamp": now, "source": "CRM_UI"} for name, value in properties.items()
            },
            "version": 1,
            "isDeleted": False,
        }
    ).encode()
    return prove(body, settings)


def prove(body: bytes, settings: Mapping[str, str]) -> Call:
    """Any body, signed with version 3 just now."""
    now = _milliseconds()
    secret = first(settings["WEBHOOK_HUBSPOT_SECRETS"]).encode()
    signature = signature_v3(secret, Signed("POST", settings["WEBHOOK_HUBSPOT_URL"], body), str(now))
    headers = {
        "content-type": "application/json",
        "x-hubspot-signature-v3": signature.decode(),
        "x-hubspot-request-timestamp": str(now),
    }
    return Call("hubspot", body, headers)


def _milliseconds() -> int:
    return int(datetime.now(UTC).timestamp() * 1000)


SAMPLE = Sample(new_settings, build, prove)
