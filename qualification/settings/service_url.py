"""Where callers find the service: what its links and problem types begin with."""

import os
from collections.abc import Mapping

from qualification.settings.formats import LOOPBACK, base_url

SERVICE_URL = "SERVICE_URL"
HOST_NAME = "WEBSITE_HOSTNAME"
"""The platform sets it, and Core Tools to localhost and the port ("Environment variables and app settings in Azure App Service")."""


def default_url(environment: Mapping[str, str]) -> str:
    """The URL of the host name that the platform gives; empty where it gives none, and links are paths then."""
    host = environment.get(HOST_NAME, "").strip()
    scheme = "http" if host.split(":")[0] in LOOPBACK else "https"
    return f"{scheme}://{host}" if host else ""


def service_url(environment: Mapping[str, str]) -> str:
    """The service's URL without a slash at its end, also where settings have faults; the platform's where it is malformed."""
    try:
        return base_url(environment[SERVICE_URL].strip())
    except (KeyError, ValueError):
        return default_url(environment)


def process_url() -> str:
    """Where this process is found, whatever faults its other settings have; empty where nobody knows."""
    return service_url(os.environ)
