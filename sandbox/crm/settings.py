"""App settings under which the service believes the pretend CRMs."""

import json
import secrets
from uuid import uuid4

from sandbox.crm.fields import DATAVERSE, HUBSPOT, SALESFORCE

ORGANIZATION = "00D5e000000KQ2eEAG"
HUBSPOT_URL = "https://qualifications.example/api/webhooks/hubspot"
"""What HubSpot would have been told; the host that is called may be another one, as behind a gateway."""


def crm_settings() -> dict[str, str]:
    """Settings with new secrets for every CRM but `standard`."""
    return {
        "WEBHOOK_DATAVERSE_SECRETS": secrets.token_urlsafe(32),
        "WEBHOOK_DATAVERSE_FIELDS": json.dumps(DATAVERSE),
        "WEBHOOK_HUBSPOT_SECRETS": str(uuid4()),
        "WEBHOOK_HUBSPOT_URL": HUBSPOT_URL,
        "WEBHOOK_HUBSPOT_FIELDS": json.dumps(HUBSPOT),
        "WEBHOOK_SALESFORCE_SECRETS": secrets.token_urlsafe(32),
        "WEBHOOK_SALESFORCE_ORGANIZATIONS": ORGANIZATION,
        "WEBHOOK_SALESFORCE_FIELDS": json.dumps(SALESFORCE),
    }
