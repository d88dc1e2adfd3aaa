"""What a filter sees of a message."""

from typing import Any, Protocol
from uuid import UUID

# The system properties with a place in the AMQP properties section, by lower-case name. `Label` is today's `Subject`.
# https://learn.microsoft.com/azure/service-bus-messaging/service-bus-messages-payloads
SYSTEM_PROPERTIES = {
    "messageid": 0,
    "to": 2,
    "label": 3,
    "subject": 3,
    "replyto": 4,
    "correlationid": 5,
    "contenttype": 6,
    "sessionid": 10,
    "replytosessionid": 12,
}


class Message(Protocol):
    """A message, as far as filters are concerned."""

    @property
    def properties(self) -> list[Any]:
        """The fields of the AMQP properties section in their order; trailing ones may be missing."""

    @property
    def application_properties(self) -> dict[str, Any]:
        """The application properties."""


class Subject:
    """A message under test: looks up properties without regard to case."""

    def __init__(self, message: Message) -> None:
        self._system = message.properties
        self._user = {name.lower(): value for name, value in message.application_properties.items()}

    def system(self, name: str) -> Any:
        """Return a system property by its lower-case name, None if it is not set."""
        at = SYSTEM_PROPERTIES[name]
        value = self._system[at] if at < len(self._system) else None
        return str(value) if isinstance(value, (UUID, int)) else value

    def user(self, name: str) -> Any:
        """Return an application property by its lower-case name, None if there is none."""
        return self._user.get(name)
