"""HubSpot: the "Send a webhook" action of a workflow.

HubSpot developer documentation, "Validating requests" (signatures v3 and v2) and "Using webhooks in workflows" (bodies,
retries); HubSpot knowledge base, "Use webhooks with HubSpot workflows" (custom bodies).
"""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from qualification.domain.caller import Caller, CallerKind
from qualification.domain.errors import SenderNotProven, SourceNotConfigured, UnreadableBody
from qualification.domain.json_body import json_object, json_value
from qualification.domain.request import Reference
from qualification.webhooks.hubspot.app_subscriptions import app_subscriptions
from qualification.webhooks.hubspot.replies import REPLIES
from qualification.webhooks.hubspot.sample import SAMPLE
from qualification.webhooks.hubspot.settings import HubSpotSettings
from qualification.webhooks.hubspot.signature import Signed, is_fresh, is_signed_v2, is_signed_v3
from qualification.webhooks.reading import Reading
from qualification.webhooks.security_scheme import SecurityScheme
from qualification.webhooks.source import About, Delivery, Notice, Source, Unrelated, Withdrawn

PORTAL = ("portalId", "portal-id", "hs_portal_id")
OBJECT = ("objectId", "vid", "hs_object_id")
"""Names of the account and of the record: in the body of most objects, of a contact, and among properties."""

V3 = "x-hubspot-signature-v3"
NUMBER = re.compile(r"[0-9]{1,20}", re.ASCII)
WORD = re.compile(r"[A-Za-z_]{1,50}", re.ASCII)
OBJECT_TYPE = re.compile(r"[0-9]{1,10}-[0-9]{1,20}", re.ASCII)


class HubSpot(Source):
    """The `hubspot` source.

    Args:
        settings: client secrets of the app that signs, the URL that is signed, the portals whose records are taken, the
            mapping from property names, and whether signatures of version 2 are accepted.
    """

    name = "hubspot"
    largest_body = 1024 * 1024
    replies = REPLIES
    scheme = SecurityScheme(
        name="hubspotSignature",
        header=V3,
        description="HMAC-SHA256 over method, URL, body and x-hubspot-request-timestamp",
        beside=("x-hubspot-request-timestamp",),
    )
    sample = SAMPLE
    settings = HubSpotSettings

    def __init__(self, settings: HubSpotSettings) -> None:
        self._secrets = [secret.get_secret_value().encode() for secret in settings.secrets]
        self._url = settings.url or ""
        self._accepts_v2 = settings.accepts_v2
        self._portals = frozenset(settings.portals)
        self._reading = Reading(settings.fields, _unwrapped)

    def prove(self, delivery: Delivery) -> None:
        """Make sure that one of the secrets signed these bytes for the configured URL."""
        if not self._secrets:
            raise SourceNotConfigured("No secret is set for the source hubspot (WEBHOOK_HUBSPOT_SECRETS).")
        headers = delivery.headers
        signed = Signed("POST", self._url, delivery.body)
        if V3 in headers:
            timestamp = headers.get("x-hubspot-request-timestamp", "")
            if not is_fresh(timestamp, delivery.at):
                raise SenderNotProven("X-HubSpot-Request-Timestamp must be within five minutes, in milliseconds.")
            # All are compared: the time taken does not show which secret was close.
            good = [is_signed_v3(headers[V3], each, signed, timestamp) for each in self._secrets]
        elif self._accepts_v2 and _is_v2(headers):
            good = [is_signed_v2(headers.get("x-hubspot-signature", ""), each, signed) for each in self._secrets]
        else:
            raise SenderNotProven("X-HubSpot-Signature-v3 is missing.")
        if not any(good):
            raise SenderNotProven(
                "No secret fits HubSpot's signature over the URL of WEBHOOK_HUBSPOT_URL and the body."
            )

    def read(self, delivery: Delivery) -> Sequence[Notice | Withdrawn | Unrelated]:
        """The one record in the body; or what an app's own subscriptions send, which is none."""
        try:
            if subscriptions := app_subscriptions(json_value(delivery.body, self.largest_body)):
                return subscriptions
            body = json_object(delivery.body, self.largest_body, whole=False)
        except UnreadableBody as error:
            if not _is_v2(delivery.headers):
                raise
            # Whoever has seen one call of version 2 can append bytes to its body and sign them: only a body that can be
            # read is HubSpot's.
            raise SenderNotProven(f"A body that cannot be read is no proof under version 2. {error}") from None
        properties = body.get("properties")
        record = body | properties if isinstance(properties, dict) else body
        portal, identity = (_first(record, names) for names in (PORTAL, OBJECT))
        if self._portals and portal not in self._portals:
            raise SenderNotProven("portalId is none of WEBHOOK_HUBSPOT_PORTALS.")
        about = About(
            reference=_reference(record, portal, identity),
            requested_by=Caller(kind=CallerKind.PORTAL, id=portal) if portal else None,
            named=False,
        )
        found = self._reading.content(record)
        if found is None:
            return [self._reading.without_mark(record, about)]
        return [self._reading.notice(record, _stand_in(portal, identity, found[0]), about, found)]


def _is_v2(headers: Mapping[str, str]) -> bool:
    return V3 not in headers and headers.get("x-hubspot-signature-version") == "v2"


def _stand_in(portal: str, identity: str, content: Mapping[str, Any]) -> str:
    """HubSpot names no event: what stands for one in an alert is the same for the same record and mapped fields."""
    digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
    return f"{portal}:{identity}:{digest}"


def _reference(record: Mapping[str, Any], portal: str, identity: str) -> Reference | None:
    if not identity:
        return None
    kind, number = record.get("objectType"), record.get("objectTypeId")
    # A contact in its older form says neither.
    name = kind.lower() if isinstance(kind, str) and WORD.fullmatch(kind) else "record"
    is_linked = portal and isinstance(number, str) and OBJECT_TYPE.fullmatch(number)
    link = f"https://app.hubspot.com/contacts/{portal}/record/{number}/{identity}" if is_linked else None
    return Reference(type=name, id=identity, url=link)


def _first(record: Mapping[str, Any], names: Sequence[str]) -> str:
    found = (_unwrapped(record.get(name)) for name in names)
    # HubSpot's ids are numbers; whatever else stands there must not make an id of any length.
    return next((str(value) for value in found if isinstance(value, str | int) and NUMBER.fullmatch(str(value))), "")


def _unwrapped(value: Any) -> Any:
    """A property is an object with `value` and its history, or in a custom body the value itself."""
    return value["value"] if isinstance(value, Mapping) and "value" in value else value
