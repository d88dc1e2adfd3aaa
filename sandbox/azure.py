"""Azure is no place for the sandbox: it asks nobody who they are, and it answers as Microsoft would."""

import os

SIGNS = ("WEBSITE_INSTANCE_ID", "WEBSITE_SITE_NAME", "FUNCTIONS_EXTENSION_VERSION")
"""Environment variables that App Service and Functions set ("Environment variables and app settings")."""


def sign_of_azure() -> str | None:
    """Why this looks like Azure, as a sentence; None where it does not."""
    sign = next((name for name in SIGNS if name in os.environ), None)
    return sign and f"{sign} is set, so this looks like Azure; the sandbox is for development machines only."
