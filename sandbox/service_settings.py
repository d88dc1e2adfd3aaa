"""The app settings under which the service runs against the sandbox: everything happens in seconds instead of days."""

from pathlib import Path

from qualification.webhooks.limits import daily_limit_setting
from qualification.webhooks.registry import SOURCES
from qualification.webhooks.standard.sample import new_secret
from sandbox.crm import crm_settings
from sandbox.partner_center import Credentials
from sandbox.record_store import make_store

QUICK = {
    "ADVANCE_SCHEDULE": "* * * * * *",
    "REVIEW_FIRST": "PT0.5S",
    "REVIEW_MAX": "PT2S",
    "REVIEW_GROWTH": "0.5",
    "REVIEW_OVERDUE": "PT5M",
    "RETRY_FIRST": "PT0.5S",
    "RETRY_MAX": "PT2S",
    "REVIEW_AGAIN": "PT6S",
    "RESEND_AFTER": "PT4S",
    "CLOCK_AHEAD": "PT1S",
    "PARTNER_CENTER_TIMEOUT": "PT3S",
    "PARTNER_CENTER_WRITE_TIMEOUT": "PT3S",
}


UNLIMITED = {daily_limit_setting(source): "1000000" for source in SOURCES}
"""A load test asks for more in a minute than a partner has schools."""


def webhook_secret() -> str:
    """A new shared secret in the form of Standard Webhooks."""
    return new_secret()


def service_settings(
    *, service_bus: str, partner_center_url: str, credentials: Credentials, folder: Path, secret: str
) -> dict[str, str]:
    """App settings for a service whose records and refresh token live in `folder`, where a record store is made.

    Args:
        service_bus: the broker's connection string.
        partner_center_url: where Partner Center and its sign-in are simulated.
        credentials: what Partner Center expects; the refresh token is written to `folder`, where the service rotates it.
        folder: an existing folder.
        secret: the secret of the source `standard`; the other sources get new ones.
    """
    token = folder / "refresh-token"
    token.write_text(credentials.refresh_token)
    settings = {
        "FUNCTIONS_WORKER_RUNTIME": "python",
        "ServiceBusConnection": service_bus,
        "RecordStorage": f"sqlite:///{(folder / 'records.db').resolve().as_posix()}",
        "QUALIFICATION_QUEUE": "qualification-requests",
        "QUALIFICATION_TOPIC": "qualification-events",
        "PARTNER_CENTER_URL": partner_center_url,
        "PARTNER_CENTER_LOGIN_URL": partner_center_url,
        "PARTNER_CENTER_TENANT_ID": credentials.tenant_id,
        "PARTNER_CENTER_CLIENT_ID": credentials.client_id,
        "PARTNER_CENTER_CLIENT_SECRET": credentials.client_secret,
        "PARTNER_CENTER_REFRESH_TOKEN": token.resolve().as_uri(),
        **crm_settings(),
        **UNLIMITED,
        "WEBHOOK_STANDARD_SECRETS": secret,
        **QUICK,
    }
    make_store(settings)
    return settings
