"""An app's functions and their triggers, read from the runtime's raw bindings."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.functions_host.errors import ConfigurationError

_SETTING = re.compile(r"%([^%]+)%")
_TRUE = {"1", "true"}


@dataclass(frozen=True, slots=True)
class HttpTrigger:
    """Bound to requests; `route` has the prefix, `methods` None means all, `auth_level`: anonymous, function, admin."""

    parameter: str
    route: str
    methods: frozenset[str] | None
    auth_level: str


@dataclass(frozen=True, slots=True)
class ServiceBusTrigger:
    """Bound to a queue, or to a topic's subscription; `connection` names the app setting."""

    parameter: str
    connection: str
    queue: str
    topic: str
    subscription: str
    binary: bool

    @property
    def entity(self) -> str:
        """The path of what is read: a queue's name or topic/Subscriptions/subscription."""
        return self.queue or f"{self.topic}/Subscriptions/{self.subscription}"


@dataclass(frozen=True, slots=True)
class TimerTrigger:
    """Bound to an NCRONTAB schedule, in UTC."""

    parameter: str
    schedule: str
    run_on_startup: bool
    use_monitor: bool


Trigger = HttpTrigger | ServiceBusTrigger | TimerTrigger


@dataclass(frozen=True, slots=True)
class Function:
    """One indexed function."""

    name: str
    id: str
    trigger: Trigger
    disabled: bool = False

    def trigger_as[T: Trigger](self, kind: type[T]) -> T:
        """Give the trigger of a function whose kind is known.

        Args:
            kind: the class of the trigger.

        Returns:
            The trigger.

        Raises:
            TypeError: it is of another class.
        """
        if isinstance(self.trigger, kind):
            return self.trigger
        raise TypeError(f"{self.name} has a {type(self.trigger).__name__}, not a {kind.__name__}")


def read_function(metadata: Any, settings: Mapping[str, str], route_prefix: str) -> Function:
    """Read one function from the runtime's metadata message.

    Args:
        metadata: name, function_id and raw_bindings (JSON texts).
        settings: the app settings, for `%SETTING%` in bindings and `AzureWebJobs.<function>.Disabled`.
        route_prefix: host.json's.

    Returns:
        The function with every setting expanded.

    Raises:
        ConfigurationError: a setting is missing, or the function has a binding that this host does not serve.
    """
    name: str = metadata.name
    bindings = [json.loads(text) for text in metadata.raw_bindings]
    for binding in bindings:
        if not binding["type"].endswith("Trigger") and binding["type"] != "http":
            raise ConfigurationError(f"{name}: this host has no {binding['type']} binding; it knows triggers only.")
    raw = next(binding for binding in bindings if binding["type"].endswith("Trigger"))
    binding = {key: _expand(name, key, value, settings) for key, value in raw.items()}
    return Function(
        name=name,
        id=metadata.function_id,
        trigger=_trigger(name, binding, route_prefix),
        disabled=settings.get(f"AzureWebJobs.{name}.Disabled", "").lower() in _TRUE,
    )


def _expand(function: str, key: str, value: Any, settings: Mapping[str, str]) -> Any:
    if not isinstance(value, str):
        return value

    def setting(found: re.Match[str]) -> str:
        if not settings.get(found[1]):
            raise ConfigurationError(
                f"{function}: its binding's {key} needs the app setting {found[1]}, which is not set."
            )
        return settings[found[1]]

    return _SETTING.sub(setting, value)


def _trigger(function: str, binding: Mapping[str, Any], route_prefix: str) -> Trigger:
    match binding["type"]:
        case "httpTrigger":
            methods = binding.get("methods")
            return HttpTrigger(
                parameter=binding["name"],
                route=f"{route_prefix}/{(binding.get('route') or function).strip('/')}".strip("/"),
                methods=None if methods is None else frozenset(str(method).upper() for method in methods),
                auth_level=str(binding.get("authLevel") or "function").lower(),
            )
        case "serviceBusTrigger":
            if str(binding.get("cardinality") or "one").lower() != "one" or binding.get("isSessionsEnabled"):
                raise ConfigurationError(f"{function}: this host delivers one message at a time and knows no sessions.")
            return ServiceBusTrigger(
                parameter=binding["name"],
                connection=binding.get("connection") or "AzureWebJobsServiceBus",
                queue=binding.get("queueName") or "",
                topic=binding.get("topicName") or "",
                subscription=binding.get("subscriptionName") or "",
                binary=str(binding.get("dataType") or "").lower() == "binary",
            )
        case "timerTrigger":
            return TimerTrigger(
                parameter=binding["name"],
                schedule=binding["schedule"],
                run_on_startup=bool(binding.get("runOnStartup")),
                use_monitor=binding.get("useMonitor") is not False,
            )
        case kind:
            raise ConfigurationError(
                f"{function}: this host has no {kind}; it knows HTTP, Service Bus and timer triggers."
            )
