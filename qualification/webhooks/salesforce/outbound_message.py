"""Salesforce's outbound message, as in the WSDL that Salesforce generates for one.

No document type is read, so no entity is expanded and nothing is fetched (defusedxml).
"""

import hashlib
import re
from dataclasses import dataclass
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from qualification.domain.errors import UnreadableBody
from qualification.webhooks.salesforce.broken_message import RECORD_ID, not_well_formed

SOAP = "{http://schemas.xmlsoap.org/soap/envelope/}"
OUTBOUND = "{http://soap.sforce.com/2005/09/outbound}"
TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,79}", re.ASCII)
DOMAIN = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*\.salesforce\.com", re.ASCII)
NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"


@dataclass(frozen=True, slots=True)
class Notification:
    """One changed record.

    Attributes:
        id: Salesforce's id of the event, None where it is missing.
        fields: the record's fields by name, None for an empty one; none at all if it was deleted meanwhile.
        digest: stands for the event where it has no id.
        type: the kind of record, such as Account.
    """

    id: str | None
    fields: dict[str, str | None]
    digest: str
    type: str = "record"


@dataclass(frozen=True, slots=True)
class Message:
    """A message: who sent it, and what it says; `host` is where the organization's pages are, if that is known."""

    organization: str
    notifications: tuple[Notification, ...]
    host: str | None = None


def parse_message(body: bytes) -> Message:
    """Read an outbound message.

    Raises:
        UnreadableBody: it is none, or not safe to read.
    """
    try:
        envelope = fromstring(body, forbid_dtd=True)
    except DefusedXmlException:
        raise UnreadableBody("The XML declares a document type or entities, which no message has.") from None
    except ParseError as error:
        raise UnreadableBody(*not_well_formed(error, body)) from None
    except (ValueError, LookupError):
        raise UnreadableBody("The XML is in an encoding that cannot be read; Salesforce sends UTF-8.") from None
    notifications = envelope.find(f"{SOAP}Body/{OUTBOUND}notifications")
    if envelope.tag != f"{SOAP}Envelope" or notifications is None:
        raise UnreadableBody("The body must be a SOAP envelope with notifications of Salesforce.")
    return Message(
        organization=(notifications.findtext(f"{OUTBOUND}OrganizationId") or "").strip(),
        notifications=tuple(map(_notification, notifications.findall(f"{OUTBOUND}Notification"))),
        host=_host(notifications.findtext(f"{OUTBOUND}EnterpriseUrl") or ""),
    )


def _host(url: str) -> str | None:
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return None
    return parts.hostname if parts.scheme == "https" and DOMAIN.fullmatch(parts.hostname or "") else None


def _notification(element: Element) -> Notification:
    record = element.find(f"{OUTBOUND}sObject")
    fields = {field.tag.rpartition("}")[2]: _text(field) for field in ([] if record is None else record)}
    event_id = (element.findtext(f"{OUTBOUND}Id") or "").strip()
    digest = hashlib.sha256(repr(sorted(fields.items())).encode(errors="replace")).hexdigest()
    kind = ("" if record is None else record.get(TYPE, "")).rpartition(":")[2]
    known = kind if NAME.fullmatch(kind) else "record"
    return Notification(event_id if RECORD_ID.fullmatch(event_id) else None, fields, digest, known)


def _text(field: Element) -> str | None:
    return None if field.get(NIL) in {"true", "1"} else field.text
