"""The settings of a service that lacks nothing, and what is wrong with others."""

import pytest

from qualification.domain.errors import ConfigurationError
from qualification.settings.app_settings import Settings

PARTNER = "d2f7ea3c-3e0f-4a3b-8c0b-6f0f3e1f6a11"
VAULT = "https://contoso.vault.azure.net/secrets/refresh-token"
BUS = "Endpoint=sb://contoso.servicebus.windows.net/;SharedAccessKeyName=app;SharedAccessKey=c2VjcmV0"
STORAGE = "DefaultEndpointsProtocol=https;AccountName=contoso;AccountKey=c2VjcmV0;EndpointSuffix=core.windows.net"
REQUIRED = {
    "ServiceBusConnection": BUS,
    "RecordStorage": STORAGE,
    "PARTNER_CENTER_TENANT_ID": PARTNER,
    "PARTNER_CENTER_CLIENT_ID": "2b0ec684-0c6a-46df-84db-cca99577bfbb",
    "PARTNER_CENTER_CLIENT_SECRET": "s3cr3t",
    "PARTNER_CENTER_REFRESH_TOKEN": VAULT,
}
DURATIONS = [
    *("REVIEW_FIRST", "REVIEW_MAX", "REVIEW_OVERDUE", "REVIEW_APPROVED"),
    *("RETRY_FIRST", "RETRY_MAX", "RESEND_AFTER", "CLOCK_AHEAD", "REVIEW_ENDED"),
]


def load(**changes: str) -> Settings:
    """The settings of a service that lacks nothing, with some changed."""
    return Settings.load(REQUIRED | changes)


def faults(**changes: str) -> dict[str, str]:
    """What is wrong with them."""
    with pytest.raises(ConfigurationError) as refused:
        load(**changes)
    return refused.value.faults
