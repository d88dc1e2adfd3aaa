"""App settings under which the app can be run by the runtime alone: nothing that it would call is there."""

from pathlib import Path

from sandbox.partner_center import Credentials
from sandbox.service_settings import service_settings, webhook_secret

NOWHERE = "127.0.0.1:1"
"""Nobody listens on port 1 of this machine."""


def lonely_settings(folder: Path) -> dict[str, str]:
    """Complete settings, with a store and a refresh token in `folder` and no other party to talk to."""
    return service_settings(
        service_bus=f"Endpoint=sb://{NOWHERE};SharedAccessKeyName=key;SharedAccessKey=a2V5;UseDevelopmentEmulator=true;",
        partner_center_url=f"http://{NOWHERE}",
        credentials=Credentials(),
        folder=folder,
        secret=webhook_secret(),
    )
