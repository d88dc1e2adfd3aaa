"""A webhook step of Dataverse: the RemoteExecutionContext of a changed account (Microsoft Learn, "Use webhooks")."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

from qualification.webhooks.sample import Call, Sample, first, in_their_words

CONTRACTS = "http://schemas.microsoft.com/xrm/2011/Contracts"
FIELDS: dict[str, Any] = {
    "customerTenantId": "new_tenantid",
    "qualification": {
        "field": "new_qualification",
        "values": {
            "100000000": "Education",
            "100000001": "GovernmentCommunityCloud",
            "100000002": "StateOwnedEntity",
            "*": None,
        },
    },
    "educationSegment": {"field": "new_segment", "values": {"100000000": "K12", "100000001": "HigherEducation"}},
    "website": "websiteurl",
}
CHOICES = {"new_qualification", "new_segment"}
UNMAPPED = 100000099
"""A choice that stands for any word which is none of ours."""
CHANGED = {"new_qualification", "new_segment"}
"""Columns that the sample changes; all others come in the post image only."""


def new_settings() -> dict[str, str]:
    """App settings with a new secret."""
    return {
        "WEBHOOK_DATAVERSE_SECRETS": secrets.token_urlsafe(32),
        "WEBHOOK_DATAVERSE_FIELDS": json.dumps(FIELDS),
    }


def build(content: Mapping[str, Any], settings: Mapping[str, str], event_id: str | None = None) -> Call:
    """An account that somebody has just marked.

    Args:
        content: the request, in this service's own words.
        settings: app settings, with the secret.
        event_id: any text that stands for the event; it becomes the OperationId.
    """
    columns = {
        name: {"__type": f"OptionSetValue:{CONTRACTS}", "Value": _number(value)} if name in CHOICES else value
        for name, value in in_their_words(content, FIELDS).items()
    }
    account = str(uuid5(NAMESPACE_URL, str(content.get("customerTenantId"))))
    operation = uuid5(NAMESPACE_URL, event_id) if event_id else uuid4()
    context = execution_context(
        account, operation, {name: value for name, value in columns.items() if name in CHANGED}, columns
    )
    call = prove(json.dumps(context).encode(), settings)
    headers = {
        "x-ms-dynamics-organization": "contoso.crm.dynamics.com",
        "x-ms-dynamics-entity-name": "account",
        "x-ms-dynamics-request-name": "Update",
        "x-ms-correlation-request-id": str(uuid4()),
    }
    return replace(call, headers=call.headers | headers)


def prove(body: bytes, settings: Mapping[str, str]) -> Call:
    """Any body, with the secret in the URL."""
    query = f"?code={first(settings['WEBHOOK_DATAVERSE_SECRETS'])}"
    return Call("dataverse", body, {"content-type": "application/json"}, query)


def execution_context(
    account: str, operation: UUID, changed: Mapping[str, Any], image: Mapping[str, Any]
) -> dict[str, Any]:
    """The RemoteExecutionContext of an update of an account."""
    return {
        "BusinessUnitId": "a3c20b02-4e38-ef11-a315-000d3a5a54dc",
        "CorrelationId": str(uuid4()),
        "Depth": 1,
        "InitiatingUserId": "d89254ff-9438-ef11-a315-000d3a5a54dc",
        "InputParameters": [
            {"key": "Target", "value": {"__type": f"Entity:{CONTRACTS}", **_entity(account, changed)}},
        ],
        "IsExecutingOffline": False,
        "IsInTransaction": False,
        "IsOfflinePlayback": False,
        "IsolationMode": 1,
        "MessageName": "Update",
        "Mode": 1,
        "OperationCreatedOn": f"/Date({int(datetime.now(UTC).timestamp()) * 1000}+0000)/",
        "OperationId": str(operation),
        "OrganizationId": "6042beb1-a93a-ef11-8e4b-00224802c699",
        "OrganizationName": "contoso",
        "OutputParameters": [],
        "ParentContext": None,
        "PostEntityImages": [
            {"key": "AsynchronousStepPrimaryName", "value": _entity(account, {"accountid": account})},
            {"key": "PostImage", "value": _entity(account, {"accountid": account, **image})},
        ],
        "PreEntityImages": [],
        "PrimaryEntityId": account,
        "PrimaryEntityName": "account",
        "SecondaryEntityName": "none",
        "Stage": 40,
        "UserId": "d89254ff-9438-ef11-a315-000d3a5a54dc",
    }


def _entity(account: str, columns: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "Attributes": [{"key": name, "value": value} for name, value in columns.items()],
        "EntityState": None,
        "FormattedValues": [],
        "Id": account,
        "KeyAttributes": [],
        "LogicalName": "account",
        "RelatedEntities": [],
        "RowVersion": None,
    }


def _number(value: str) -> int:
    return int(value) if value.isdecimal() else UNMAPPED


SAMPLE = Sample(new_settings, build, prove)
