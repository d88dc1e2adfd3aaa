"""The CRMs that are known here: each is a room beside this page, and a line on it."""

from collections.abc import Mapping
from importlib import import_module

from qualification.domain.errors import SourceMisconfigured, UnknownSource
from qualification.settings.environment import read
from qualification.webhooks.limits import limit_settings
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


type Closed = Mapping[str, Mapping[str, str]]
"""CRMs whose settings have faults: what is wrong, by the settings' names. Each is closed alone."""


def open_sources(environment: Mapping[str, str]) -> tuple[dict[str, Source], Closed]:
    """The CRMs, ready for work, and those that are closed.

    Args:
        environment: app settings by name.
    """
    sources: dict[str, Source] = {}
    closed: dict[str, Mapping[str, str]] = {}
    for name, source in SOURCES.items():
        settings, found = read(source.settings, environment)
        limits, theirs = read(limit_settings(name), environment)
        if settings is not None and limits is not None:
            sources[name] = source(settings)
            sources[name].limits = limits.limits
        else:
            closed[name] = found | theirs
    return sources, closed


def faults_of(closed: Closed) -> dict[str, str]:
    """What is wrong with the settings of all closed CRMs, by the settings' names."""
    return {setting: fault for faults in closed.values() for setting, fault in faults.items()}


def find_source(sources: Mapping[str, Source], closed: Closed, name: str) -> Source:
    """The CRM of that name.

    Raises:
        UnknownSource: there is none.
        SourceMisconfigured: it is closed.
    """
    if name in closed:
        raise SourceMisconfigured(name, closed[name])
    if name not in sources:
        raise UnknownSource(f"There is no source of that name; known are: {', '.join(sorted(SOURCES))}.")
    return sources[name]
