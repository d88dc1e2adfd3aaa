"""Salesforce outbound messages."""

from qualification.webhooks.salesforce.source import Salesforce
from qualification.webhooks.source import Source

SOURCE: type[Source] = Salesforce
