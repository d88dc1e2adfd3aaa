"""Pretend CRMs: they send what the real ones send, proven as the real ones prove themselves.

Each CRM's room in `qualification/webhooks` says how; whatever the registry knows can be pretended.
"""

from collections.abc import Mapping

from qualification.webhooks.registry import SOURCES
from qualification.webhooks.sample import Build, Call

BUILDERS: Mapping[str, Build] = {name: source.sample.build for name, source in SOURCES.items()}
"""What builds a call of each CRM."""


def crm_settings() -> dict[str, str]:
    """App settings with new secrets under which the service believes them all."""
    return {name: value for source in SOURCES.values() for name, value in source.sample.settings().items()}


__all__ = ["BUILDERS", "Call", "crm_settings"]
