"""What a CRM's module provides: proof of the sender, and the requests in what it sent."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from qualification.settings import SourceSettings


@dataclass(frozen=True, slots=True)
class Delivery:
    """A webhook call as it arrived.

    Attributes:
        url: the URL that was called.
        headers: by lower-case name.
        body: the raw bytes; nothing is read from them before the sender is proven.
    """

    url: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Notice:
    """One request in a delivery, in this service's own field names, with the sender's id of the event."""

    event_id: str
    content: Mapping[str, Any]


class Source(Protocol):
    """A CRM."""

    def prove(self, delivery: Delivery) -> None:
        """Make sure that the CRM sent it.

        Raises:
            SenderNotProven: it may have been anybody; fails closed.
            SourceNotConfigured: no secret is set.
        """
        ...

    def read(self, delivery: Delivery) -> Sequence[Notice]:
        """The requests in a delivery whose sender is proven.

        Raises:
            UnreadableBody: it is not what this CRM sends.
        """
        ...


type OpenSource = Callable[[SourceSettings], Source]
"""Makes a CRM's module ready for work; raises ValueError, saying what to mend, if a secret cannot be right."""
