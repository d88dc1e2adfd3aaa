"""The CRMs that are known here. Another one is a module beside this one, a line in this table and a row of replies."""

from collections.abc import Mapping

from qualification.domain.errors import ConfigurationError, UnknownSource
from qualification.settings.sources import SourceSettings
from qualification.webhooks.dataverse import Dataverse
from qualification.webhooks.hubspot import HubSpot
from qualification.webhooks.salesforce import Salesforce
from qualification.webhooks.source import OpenSource, Source
from qualification.webhooks.standard import Standard

SOURCES: dict[str, OpenSource] = {
    "dataverse": Dataverse,
    "hubspot": HubSpot,
    "salesforce": Salesforce,
    "standard": Standard,
}


def open_sources(settings: Mapping[str, SourceSettings]) -> dict[str, Source]:
    """All CRMs, ready for work.

    Raises:
        ConfigurationError: settings of some cannot be right; lists them by name.
    """
    sources: dict[str, Source] = {}
    faults: dict[str, str] = {}
    for name, open_source in SOURCES.items():
        try:
            sources[name] = open_source(settings[name])
        except ConfigurationError as error:
            faults |= error.faults
    if faults:
        raise ConfigurationError(faults)
    return sources


def find_source(sources: Mapping[str, Source], name: str) -> Source:
    """The CRM of that name.

    Raises:
        UnknownSource: there is none.
    """
    if name not in sources:
        raise UnknownSource(f"There is no source of that name; known are: {', '.join(sorted(sources))}.")
    return sources[name]
