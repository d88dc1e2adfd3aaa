"""What the room of a CRM provides: proof of the sender, the requests in what it sent, and how it is answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Protocol

from qualification.domain.errors import Fault
from qualification.settings.environment import EnvironmentModel
from qualification.webhooks.reply import Replies
from qualification.webhooks.sample import Sample
from qualification.webhooks.security_scheme import SecurityScheme


@dataclass(frozen=True, slots=True)
class Delivery:
    """A webhook call as it arrived. Its text form shows none of it: each part may hold a secret.

    Attributes:
        url: the URL that was called.
        headers: by lower-case name.
        body: the raw bytes; nothing is read from them before the sender is proven.
        at: when it arrived (aware UTC).
    """

    url: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    at: datetime


@dataclass(frozen=True, slots=True)
class Notice:
    """One request in a delivery.

    Attributes:
        event_id: the sender's id of the event.
        content: the request in this service's own field names.
        faults: what is already known to be wrong with it, by our field; takes the place of what `content` shows.
    """

    event_id: str
    content: Mapping[str, Any] = field(repr=False)
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class Unrelated:
    """An event in a delivery that is not about a qualification."""


class Source(Protocol):
    """A CRM, made ready for work with its settings.

    Attributes:
        name: as in the path of its webhooks and, in capitals, in the names of its settings.
        largest_body: the most bytes that are taken from anybody, proven or not.
        replies: how it is answered.
        scheme: how it proves itself, for the OpenAPI document.
        sample: how to pretend to be it.
        settings: the model of its settings; one is what it is made with.
    """

    name: ClassVar[str]
    largest_body: ClassVar[int]
    replies: ClassVar[Replies]
    scheme: ClassVar[SecurityScheme]
    sample: ClassVar[Sample]
    settings: ClassVar[type[EnvironmentModel]]

    def __init__(self, settings: Any) -> None: ...

    def prove(self, delivery: Delivery) -> None:
        """Make sure that the CRM sent it.

        Raises:
            SenderNotProven: it may have been anybody; fails closed.
            SourceNotConfigured: no secret is set.
        """
        ...

    def read(self, delivery: Delivery) -> Sequence[Notice | Unrelated]:
        """The events in a delivery that `prove` has passed.

        Raises:
            SenderNotProven: what stands in the body shows that it was somebody else.
            UnreadableBody: it is not what this CRM sends.
        """
        ...
