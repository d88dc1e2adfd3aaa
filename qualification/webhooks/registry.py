"""The CRMs that are known here: each is a room beside this page, and a line on it."""

from collections.abc import Mapping
from importlib import import_module

from qualification.domain.errors import ConfigurationError, UnknownSource
from qualification.settings.sources import SourceSettings
from qualification.webhooks.source import Source

ROOMS = (
    "dataverse",
    "hubspot",
    "salesforce",
    "standard",
)
"""Packages of `qualification.webhooks`; `SOURCE` in each is its CRM."""

SOURCES: Mapping[str, type[Source]] = {name: import_module(f"{__package__}.{name}").SOURCE for name in ROOMS}
"""Every CRM by its name."""


def open_sources(
    settings: Mapping[str, SourceSettings], known: Mapping[str, type[Source]] = SOURCES
) -> dict[str, Source]:
    """All CRMs, ready for work.

    Raises:
        ConfigurationError: settings of some cannot be right; lists them by name.
    """
    sources: dict[str, Source] = {}
    faults: dict[str, str] = {}
    for name, source in known.items():
        try:
            sources[name] = source(settings[name])
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
