"""Settings that only work together."""

from qualification.domain.errors import ConfigurationError
from qualification.settings.sources import SourceSettings


def check_settings(source: str, settings: SourceSettings, **needed: object) -> None:
    """Make sure that a source whose secrets are set has all the rest too; without secrets it stays closed anyway.

    Args:
        source: the CRM.
        settings: what is set for it.
        needed: the ends of the names of further settings it needs -> what is set for them.

    Raises:
        ConfigurationError: lists what is missing, by name.
    """
    if not settings.secrets:
        return
    prefix = f"WEBHOOK_{source.upper()}"
    all_needed = {"FIELDS": settings.fields, **needed}
    faults = {
        f"{prefix}_{name}": f"is missing; it belongs to {prefix}_SECRETS"
        for name, value in all_needed.items()
        if not value
    }
    if faults:
        raise ConfigurationError(faults)
