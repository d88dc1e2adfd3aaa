"""The CRMs that are known here. Another one is a module beside this one, and a line in this table."""

from collections.abc import Mapping

from qualification.errors import ConfigurationError, UnknownSource
from qualification.settings import SourceSettings
from qualification.webhooks.source import OpenSource, Source
from qualification.webhooks.standard import Standard

SOURCES: dict[str, OpenSource] = {
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
        except ValueError as error:
            faults[f"WEBHOOK_{name.upper()}_SECRETS"] = str(error)
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
