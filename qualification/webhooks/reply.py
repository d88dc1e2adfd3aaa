"""How a webhook is answered: a CRM decides by the answer whether to try again, to give up or to stop sending."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Outcome(IntEnum):
    """What came of an event; of several in one delivery the greatest decides on the answer."""

    UNRELATED = 1
    ACCEPTED = 2
    REJECTED = 3
    UNREADABLE = 4
    UNAVAILABLE = 5
    NOT_PROVEN = 6


class Body(StrEnum):
    """What an answer carries, where that is this service's own."""

    NOTHING = "nothing"
    STATUS = "the status resource, and its Location"
    PROBLEM = "problem details"


@dataclass(frozen=True, slots=True)
class Text:
    """A body in the words of one CRM."""

    content: str
    media_type: str


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer.

    Attributes:
        status: HTTP status.
        body: what it carries.
        attention: whether an attention event is published, because the CRM shows the answer to nobody.
        retry_after: whether the answer says when to come back, in seconds.
    """

    status: int
    body: Body | Text = Body.NOTHING
    attention: bool = False
    retry_after: bool = False


type Replies = Mapping[Outcome, Reply]
"""The reply policy of a CRM: one answer for whatever happens."""
