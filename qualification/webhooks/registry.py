"""The CRMs that are known here: each is a room beside this page, and a line on it."""

from collections.abc import Mapping
from importlib import import_module

from qualification.domain.errors import UnknownSource
from qualification.settings.environment import read
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


def open_sources(environment: Mapping[str, str]) -> tuple[dict[str, Source], dict[str, str]]:
    """The CRMs, ready for work, and what is wrong with the settings of the others, by the settings' names.

    Args:
        environment: app settings by name.
    """
    sources: dict[str, Source] = {}
    faults: dict[str, str] = {}
    for name, source in SOURCES.items():
        settings, found = read(source.settings, environment)
        if settings is not None:
            sources[name] = source(settings)
        faults |= found
    return sources, faults


def find_source(sources: Mapping[str, Source], name: str) -> Source:
    """The CRM of that name.

    Raises:
        UnknownSource: there is none.
    """
    if name not in sources:
        raise UnknownSource(f"There is no source of that name; known are: {', '.join(sorted(sources))}.")
    return sources[name]
