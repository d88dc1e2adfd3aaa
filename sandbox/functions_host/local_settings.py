"""local.settings.json, the file that `func start` of Core Tools reads."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

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
        document = json.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise ConfigurationError(f"There is no {path}.") from None
    except ValueError as error:
        raise ConfigurationError(f"{path.name} is not JSON: {error}.") from None
    if not isinstance(document, dict):
        raise ConfigurationError(f"{path.name} must hold a JSON object.")
    if document.get("IsEncrypted"):
        raise ConfigurationError(f"{path.name} is encrypted; run `func settings decrypt` and start again.")
    host = document.get("Host") or {}
    origins = str(host.get("CORS") or "")
    return LocalSettings(
        values={name: _text(path, name, value) for name, value in (document.get("Values") or {}).items()},
        port=_port(path, host.get("LocalHttpPort")),
        cors=tuple(origin.strip() for origin in origins.split(",") if origin.strip()),
    )


def _port(path: Path, value: Any) -> int | None:
    try:
        return None if value is None else int(value)
    except (TypeError, ValueError):
        raise ConfigurationError(f"{path.name}: LocalHttpPort must be a number.") from None


def _text(path: Path, name: str, value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, dict | list):
        raise ConfigurationError(f"{path.name}: the value of {name} must be a string.")
    return "" if value is None else json.dumps(value)
