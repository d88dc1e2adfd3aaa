"""What the room of a CRM provides: proof of the sender, the requests in what it sent, and how it is answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Protocol
from uuid import UUID

from qualification.domain.caller import Caller
from qualification.domain.errors import Fault
from qualification.domain.request import Reference
from qualification.settings.environment import EnvironmentModel
from qualification.webhooks.limits import Limits
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
class Origin:
    """Where a field of a request came from.

    Attributes:
        name: the sender's name of it.
        value: what stood there.
        allowed: the sender's values that mean something here, where only a few do.
    """

    name: str
    value: Any = field(default=None, repr=False)
    allowed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What the sender says of its event.

    Attributes:
        reference: the sender's record.
        requested_by: who asks.
        occurred_at: the sender's own moment of it (aware UTC), where it gives one.
        named: whether the event's id is the sender's own; otherwise it only stands for what the event says.
    """

    reference: Reference | None = None
    requested_by: Caller | None = None
    occurred_at: datetime | None = None
    named: bool = True


NOTHING_KNOWN = About()


@dataclass(frozen=True, slots=True)
class Notice:
    """One request in a delivery.

    Attributes:
        event_id: the sender's id of the event.
        content: the request in this service's own field names.
        faults: what is already known to be wrong with it, by our field; takes the place of what `content` shows.
        origins: our field -> where it came from, where a mapping knows it.
        about: what the sender says of the event.
    """

    event_id: str
    content: Mapping[str, Any] = field(repr=False)
    faults: tuple[Fault, ...] = ()
    origins: Mapping[str, Origin] = field(default_factory=dict, compare=False)
    about: About = field(default=NOTHING_KNOWN, compare=False)


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """An event in a delivery that takes a customer's mark back."""

    customer_tenant_id: UUID
    about: About = NOTHING_KNOWN


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
        limits: what it may ask for.
    """

    name: ClassVar[str]
    largest_body: ClassVar[int]
    replies: ClassVar[Replies]
    scheme: ClassVar[SecurityScheme]
    sample: ClassVar[Sample]
    settings: ClassVar[type[EnvironmentModel]]
    limits: Limits = Limits()

    def __init__(self, settings: Any) -> None: ...

    def prove(self, delivery: Delivery) -> None:
        """Make sure that the CRM sent it.

        Raises:
            SenderNotProven: it may have been anybody; fails closed.
            SourceNotConfigured: no secret is set.
        """
        ...

    def read(self, delivery: Delivery) -> Sequence[Notice | Withdrawn | Unrelated]:
        """The events in a delivery that `prove` has passed.

        Raises:
            SenderNotProven: what stands in the body shows that it was somebody else.
            UnreadableBody: it is not what this CRM sends.
        """
        ...
