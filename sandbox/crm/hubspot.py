"""The webhook action of a HubSpot workflow on companies, signed with version 3."""

import json
import zlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from qualification.webhooks.hubspot_signature import Signed, signature_v3
from sandbox.crm.call import Call
from sandbox.crm.fields import HUBSPOT, in_their_words

PORTAL = 62515


def hubspot(content: Mapping[str, Any], settings: Mapping[str, str], event_id: str | None = None) -> Call:
    """A company that has just been enrolled.

    Args:
        content: the request, in this service's own words.
        settings: app settings, with the secret and the URL that is signed.
        event_id: any text that stands for the company; HubSpot names no events.
    """
    now = int(datetime.now(UTC).timestamp() * 1000)
    company = zlib.crc32((event_id or str(content.get("customerTenantId"))).encode())
    properties = in_their_words(content, HUBSPOT) | {"hs_object_id": str(company)}
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
    secret = settings["WEBHOOK_HUBSPOT_SECRETS"].split(",")[0].strip().encode()
    signature = signature_v3(secret, Signed("POST", settings["WEBHOOK_HUBSPOT_URL"], body), str(now))
    headers = {
        "content-type": "application/json",
        "x-hubspot-signature-v3": signature.decode(),
        "x-hubspot-request-timestamp": str(now),
    }
    return Call("hubspot", body, headers)
