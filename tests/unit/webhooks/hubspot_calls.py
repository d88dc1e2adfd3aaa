"""Calls that HubSpot has signed."""

from qualification.webhooks.hubspot.sample import URL
from qualification.webhooks.hubspot.signature import Signed, signature_v2, signature_v3
from qualification.webhooks.source import Delivery
from tests.unit.builders import NOW
from tests.unit.webhooks.payloads import body, delivery

SECRET, OLDER = "0b1f5e02-6f0e-4e69-8c5e-2d2c2b6d2a11", "9d4b1c9e-1a67-4a0e-a9a8-51a0b1a9f001"
BODY = body("hubspot-company.json")
TIMESTAMP = str(int(NOW.timestamp() * 1000))


def signed(sent: bytes = BODY, *, url: str = URL, secret: str = SECRET, at: str = TIMESTAMP) -> Delivery:
    """A call with a signature of version 3; it arrives at whatever host a gateway has put in its place."""
    signature = signature_v3(secret.encode(), Signed("POST", url, sent), at).decode()
    return delivery(
        sent,
        "http://10.0.0.4:8080/api/webhooks/hubspot",
        x_hubspot_signature_v3=signature,
        x_hubspot_request_timestamp=at,
        host="somebody-else.example",
    )


def signed_v2(sent: bytes = BODY) -> Delivery:
    """A call with a signature of version 2 only."""
    signature = signature_v2(SECRET.encode(), Signed("POST", URL, sent)).decode()
    return delivery(sent, x_hubspot_signature=signature, x_hubspot_signature_version="v2")
