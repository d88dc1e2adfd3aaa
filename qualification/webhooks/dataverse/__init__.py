"""Dataverse (Dynamics 365) and model-driven Power Apps."""

from qualification.webhooks.dataverse.source import Dataverse
from qualification.webhooks.source import Source

SOURCE: type[Source] = Dataverse
