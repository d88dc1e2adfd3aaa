"""host.json: what the host itself is told."""

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from sandbox.functions_host.errors import ConfigurationError

_OVERRIDE = "AzureFunctionsJobHost__"
_BODY_LIMIT = "FUNCTIONS_REQUEST_BODY_SIZE_LIMIT"
_TIME_SPAN = re.compile(r"(?:(\d+)\.)?(\d{1,2}):(\d{2})(?::(\d{2}(?:\.\d{1,7})?))?")


@dataclass(frozen=True, slots=True)
class HostJson:
    """What this host honours; `function_timeout` None means unbounded, `body_limit` is in bytes."""

    route_prefix: str
    function_timeout: timedelta | None
    max_concurrent_calls: int
    max_auto_lock_renewal: timedelta
    prefetch_count: int
    body_limit: int


def read_host_json(app_dir: Path, settings: Mapping[str, str]) -> HostJson:
    """Read an app's host.json, with overrides from `AzureFunctionsJobHost__path__to__value` app settings.

    The request size limit is an app setting of its own: "Azure Functions HTTP trigger", limits.

    Args:
        app_dir: the folder of host.json.
        settings: the app settings.

    Returns:
        The settings; absent ones have the defaults of the Flex Consumption plan and of Service Bus extension 5.x.

    Raises:
        ConfigurationError: the file is missing or malformed, or a value is.
    """
    try:
        document = json.loads((app_dir / "host.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigurationError(f"There is no host.json in {app_dir}.") from None
    except ValueError as error:
        raise ConfigurationError(f"host.json is not JSON: {error}.") from None
    if not isinstance(document, dict):
        raise ConfigurationError("host.json must hold a JSON object.")
    for name, value in settings.items():
        if name.startswith(_OVERRIDE):
            _override(document, name.removeprefix(_OVERRIDE).split("__"), value)
    extensions = document.get("extensions", {})
    service_bus = extensions.get("serviceBus", {})
    if str(service_bus.get("autoCompleteMessages", True)).lower() != "true":
        raise ConfigurationError(
            "host.json: autoCompleteMessages must be true, Python functions cannot settle messages."
        )
    return HostJson(
        route_prefix=extensions.get("http", {}).get("routePrefix", "api").strip("/"),
        function_timeout=_timeout(document.get("functionTimeout", "00:30:00")),
        max_concurrent_calls=_count(service_bus, "maxConcurrentCalls", 16 * (os.cpu_count() or 1), least=1),
        max_auto_lock_renewal=parse_time_span(service_bus.get("maxAutoLockRenewalDuration", "00:05:00")),
        prefetch_count=_count(service_bus, "prefetchCount", 0, least=0),
        body_limit=_count(settings, _BODY_LIMIT, 104_857_600, least=0),
    )


def parse_time_span(text: str) -> timedelta:
    """Parse .NET's TimeSpan form, `[d.]hh:mm[:ss[.fffffff]]`.

    Args:
        text: such as `00:05:00`.

    Returns:
        The duration.

    Raises:
        ConfigurationError: the text has another form.
    """
    found = _TIME_SPAN.fullmatch(str(text))
    if found is None:
        raise ConfigurationError(f"host.json: {text!r} is not a duration of the form hh:mm:ss.")
    days, hours, minutes, seconds = (float(part or 0) for part in found.groups())
    return timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)


def _timeout(text: str) -> timedelta | None:
    return None if text == "-1" else parse_time_span(text)


def _count(section: Mapping[str, Any], name: str, default: int, least: int) -> int:
    try:
        count = int(section.get(name, default))
    except (TypeError, ValueError):
        count = least - 1
    if count < least:
        raise ConfigurationError(f"{name} must be a whole number, {least} or more.")
    return count


def _override(section: dict[str, Any], path: list[str], value: str) -> None:
    # .NET configuration keys have no case, so a setting finds the key that is there.
    key = next((key for key in section if key.lower() == path[0].lower()), path[0])
    if len(path) == 1:
        section[key] = value
    else:
        _override(section.setdefault(key, {}), path[1:], value)
