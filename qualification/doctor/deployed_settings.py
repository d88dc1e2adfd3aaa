"""Checks of a deployed app's settings that no model of the service makes: by their names, and by where the app runs. Pure."""

from collections.abc import Iterator
from difflib import get_close_matches

from qualification.doctor.deployed import Deployed
from qualification.doctor.diagnosis import Diagnosis, Finding
from qualification.doctor.from_here import FromHere
from qualification.settings.app_settings import Settings
from qualification.settings.environment import names
from qualification.webhooks.limits import limit_settings
from qualification.webhooks.registry import SOURCES

OURS = ("WEBHOOK_", "PARTNER_CENTER_", "QUALIFICATION_", "RecordStorage", "ServiceBusConnection", "REVIEW_", "RETRY_")
"""How names begin that are nobody's but this service's."""
INSTANCE = "is a file on an instance of the app, and instances come and go: "
TABLE_REMEDY = "Keep the records in a table: RecordStorage__tableServiceUri, as the templates do."
VAULT_REMEDY = "Keep it in the vault: PARTNER_CENTER_REFRESH_TOKEN=https://VAULT/secrets/NAME, as the templates do."


def setting_rows(deployed: Deployed, here: FromHere) -> list[Diagnosis]:
    """What can be said of the settings themselves."""
    return [*_unread(deployed, here), *_unknown(deployed), *_on_an_instance(deployed)]


def unread(deployed: Deployed, here: FromHere) -> set[str]:
    """Settings whose value is in the vault, of which nothing can be said here."""
    return set(deployed.referring) - set(deployed.unresolved) - here.unseen


def is_on_an_instance(location: str) -> bool:
    """Whether records or token would be kept in a file."""
    return location.strip().startswith(("sqlite:", "file:"))


def _unread(deployed: Deployed, here: FromHere) -> Iterator[Diagnosis]:
    for name in sorted(unread(deployed, here)):
        detail = "is a Key Vault reference, and what is behind it is not read here"
        yield Diagnosis(
            f"App setting {name}", Finding.NOT_CHECKED, detail, "The app's own report tells what it makes of it."
        )


def _unknown(deployed: Deployed) -> Iterator[Diagnosis]:
    known = names(Settings).union(
        *(names(kind.settings) | names(limit_settings(name)) for name, kind in SOURCES.items())
    )
    for name in sorted(deployed.settings.keys() - known):
        if name.startswith(OURS):
            close = get_close_matches(name, known, n=1)
            remedy = f"Is {close[0]} meant?" if close else "Leave it out: docs/reference/settings.md lists all."
            yield Diagnosis(f"App setting {name}", Finding.WARNING, "is none, so nobody reads it", remedy)


def _on_an_instance(deployed: Deployed) -> Iterator[Diagnosis]:
    if is_on_an_instance(deployed.settings.get("RecordStorage", "")):
        yield Diagnosis("Record store", Finding.FAULT, f"{INSTANCE}records go with them", TABLE_REMEDY)
    if is_on_an_instance(deployed.settings.get("PARTNER_CENTER_REFRESH_TOKEN", "")):
        yield Diagnosis("Refresh token", Finding.FAULT, f"{INSTANCE}the renewed token goes with them", VAULT_REMEDY)
