"""Checks of the CRMs' settings: which are open, and what keeps the others closed."""

from qualification.bootstrap import Service
from qualification.doctor.diagnosis import Diagnosis, Finding
from qualification.settings.key_vault_reference import UNRESOLVED

SOURCES = "Webhook sources"
REMEDY = "Correct the app setting; docs/crm has a guide for each source."
AFTERWARDS = "Then run the doctor again: the other sources, the timer and the queue have been going on."


async def sources(service: Service) -> list[Diagnosis]:
    """A row for each setting that closes a source, and one for those that are open."""
    faults = [
        Diagnosis(
            f"Webhook source {source}",
            Finding.FAULT,
            f"is closed: {setting} {fault}",
            AFTERWARDS if fault == UNRESOLVED else REMEDY,
        )
        for source, settings in service.closed.items()
        for setting, fault in settings.items()
    ]
    if faults and not service.sources:
        return faults
    return [Diagnosis(SOURCES, Finding.OK, f"settings are sound: {', '.join(sorted(service.sources))}"), *faults]
