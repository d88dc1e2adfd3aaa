"""Any sender that signs as Standard Webhooks 1.0 says."""

from qualification.webhooks.source import Source
from qualification.webhooks.standard.source import Standard

SOURCE: type[Source] = Standard
