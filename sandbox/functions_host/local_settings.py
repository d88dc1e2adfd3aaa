"""What the host takes from local.settings.json beside the app settings: its port, and whom CORS allows."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from qualification.settings import local_settings
from sandbox.functions_host.errors import ConfigurationError


@dataclass(frozen=True, slots=True)
class LocalSettings:
    """App settings, and what `Host` says: the port (None: not said) and the origins that CORS allows."""

    values: dict[str, str] = field(default_factory=dict)
    port: int | None = None
    cors: tuple[str, ...] = ()


def read_local_settings(path: Path) -> LocalSettings:
    """Read a local.settings.json.

    Args:
        path: the file.

    Returns:
        Its settings; numbers and booleans as the text that an environment variable would hold.

    Raises:
        ConfigurationError: the file is missing, encrypted or malformed; one sentence, never a value.
    """
    try:
        found = local_settings.read_local_settings(path)
    except local_settings.LocalSettingsError as error:
        raise ConfigurationError(str(error)) from None
    origins = str(found.host.get("CORS") or "")
    return LocalSettings(
        values=dict(found.values),
        port=_port(path, found.host.get("LocalHttpPort")),
        cors=tuple(origin.strip() for origin in origins.split(",") if origin.strip()),
    )


def _port(path: Path, value: Any) -> int | None:
    try:
        return None if value is None else int(value)
    except (TypeError, ValueError):
        raise ConfigurationError(f"{path.name}: LocalHttpPort must be a number.") from None
