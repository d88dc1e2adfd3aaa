"""A webhook call, ready to be sent."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Call:
    """A POST to one source.

    Attributes:
        source: the source.
        body: its body.
        headers: its headers.
        query: what stands behind the path, with its question mark, or nothing.
    """

    source: str
    body: bytes
    headers: dict[str, str]
    query: str = ""

    @property
    def path(self) -> str:
        """Path and query on the service's host."""
        return f"/api/webhooks/{self.source}{self.query}"
