"""Who asks for something or decides it."""

from enum import StrEnum

from qualification.domain.request import CamelModel


class CallerKind(StrEnum):
    """How a caller is known."""

    FUNCTION_KEY = "function-key"
    COMMAND_LINE = "command-line"
    USER = "user"
    ORGANIZATION = "organization"
    PORTAL = "portal"


class Caller(CamelModel):
    """Who asks for something or decides it; it carries no secret.

    Attributes:
        kind: how it is known.
        id: of a function key its fingerprint, empty where the caller showed none; otherwise the CRM's own id.
        name: as people know it, where somebody has given it one.
    """

    kind: CallerKind
    id: str
    name: str | None = None

    def __str__(self) -> str:
        """As the history and the log name it."""
        if self.kind is CallerKind.COMMAND_LINE:
            return f"{self.name or self.id} (command line)"
        if self.kind is CallerKind.FUNCTION_KEY:
            return f"{self.name} (key {self.id})" if self.name else f"key {self.id or 'none'}"
        return f"{self.kind} {self.id}"
