"""Which events a correlation filter can never match."""

from collections.abc import Iterator

from qualification.doctor.vocabulary import application_property, system_property
from qualification.service_bus.descriptions import CorrelationFilter


def correlation_doubts(correlation: CorrelationFilter) -> Iterator[str]:
    """A sentence for each property or value that no event has."""
    for name, value in correlation.system.items():
        yield from system_property(name.replace("_", "")).doubts([value])
    for name, wanted in correlation.application.items():
        yield from application_property(name).doubts([wanted])
