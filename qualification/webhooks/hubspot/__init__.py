"""HubSpot workflows."""

from qualification.webhooks.hubspot.source import HubSpot
from qualification.webhooks.source import Source

SOURCE: type[Source] = HubSpot
