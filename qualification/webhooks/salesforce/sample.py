"""An outbound message of Salesforce about accounts ("Understanding the Outbound Messaging WSDL")."""

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any
from uuid import uuid4

from qualification.webhooks.sample import Call, Sample, first, in_their_words

ORGANIZATION = "00D5e000000KQ2eEAG"
FIELDS: dict[str, Any] = {
    "customerTenantId": "Tenant_Id__c",
    "qualification": {
        "field": "Qualification__c",
        "values": {
            "Education": "Education",
            "Government": "GovernmentCommunityCloud",
            "State-owned": "StateOwnedEntity",
            "*": None,
        },
    },
    "educationSegment": {"field": "Segment__c", "values": {"K-12": "K12", "Higher Ed": "HigherEducation"}},
    "website": "Website",
}


def new_settings() -> dict[str, str]:
    """App settings with a new secret."""
    return {
        "WEBHOOK_SALESFORCE_SECRETS": secrets.token_urlsafe(32),
        "WEBHOOK_SALESFORCE_ORGANIZATIONS": ORGANIZATION,
        "WEBHOOK_SALESFORCE_FIELDS": json.dumps(FIELDS),
    }


def build(content: Mapping[str, Any], settings: Mapping[str, str], event_id: str | None = None) -> Call:
    """An account that has just met a flow's condition.

    Args:
        content: the request, in this service's own words.
        settings: app settings, with the secret and the organization.
        event_id: any text that stands for the notification.
    """
    return outbound_message([(event_id or uuid4().hex, content)], settings)


def outbound_message(notifications: Sequence[tuple[str, Mapping[str, Any]]], settings: Mapping[str, str]) -> Call:
    """One message with a notification for each event id and request."""
    organization = first(settings["WEBHOOK_SALESFORCE_ORGANIZATIONS"])
    parts = "".join(_notification(event_id, content) for event_id, content in notifications)
    body = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"'
        ' xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        '<soapenv:Body><notifications xmlns="http://soap.sforce.com/2005/09/outbound">'
        f"<OrganizationId>{organization}</OrganizationId><ActionId>04k5e000000CaRkAAK</ActionId>"
        '<SessionId xsi:nil="true"/>'
        "<EnterpriseUrl>https://contoso.my.salesforce.com/services/Soap/c/62.0</EnterpriseUrl>"
        "<PartnerUrl>https://contoso.my.salesforce.com/services/Soap/u/62.0</PartnerUrl>"
        f"{parts}</notifications></soapenv:Body></soapenv:Envelope>"
    )
    return prove(body.encode(), settings)


def prove(body: bytes, settings: Mapping[str, str]) -> Call:
    """Any body, with the secret in the URL."""
    headers = {"content-type": "text/xml; charset=UTF-8", "soapaction": '""'}
    return Call("salesforce", body, headers, f"?code={first(settings['WEBHOOK_SALESFORCE_SECRETS'])}")


def _notification(event_id: str, content: Mapping[str, Any]) -> str:
    account = record_id("001", str(content.get("customerTenantId")))
    record = {"Id": account, **in_their_words(content, FIELDS)}
    fields = "".join(f"<sf:{name}>{escape(str(value), quote=False)}</sf:{name}>" for name, value in record.items())
    return (
        f"<Notification><Id>{record_id('04l', event_id)}</Id>"
        f'<sObject xsi:type="sf:Account" xmlns:sf="urn:sobject.enterprise.soap.sforce.com">{fields}</sObject>'
        "</Notification>"
    )


def record_id(prefix: str, text: str) -> str:
    """An id of Salesforce's form that stands for a text."""
    return prefix + hashlib.sha256(text.encode()).hexdigest()[:15]


SAMPLE = Sample(new_settings, build, prove)
