"""How each CRM is answered: it decides by the answer whether to try again, to give up or to stop sending.

What each does with an answer: Dataverse "Use webhooks to create external handlers for server events"; HubSpot "Using webhooks
in workflows"; Salesforce "Understanding Notifications" and "Considerations for Outbound Messages"; Standard Webhooks
specification, "Webhook response".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Outcome(IntEnum):
    """What came of an event; of several in one delivery the greatest decides on the answer."""

    UNRELATED = 1
    ACCEPTED = 2
    REJECTED = 3
    UNAVAILABLE = 4
    NOT_PROVEN = 5


class Body(StrEnum):
    """What an answer carries."""

    NOTHING = "nothing"
    STATUS = "the status resource, and its Location"
    ACKNOWLEDGEMENT = "Salesforce's Ack true"
    PROBLEM = "problem details"


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer.

    Attributes:
        status: HTTP status.
        body: what it carries.
        attention: whether an attention event is told, because the CRM shows the answer to nobody.
        retry_after: whether the sender is told when to come back; HubSpot reads that header as milliseconds.
    """

    status: int
    body: Body = Body.NOTHING
    attention: bool = False
    retry_after: bool = False


_PROBLEM_401 = Reply(401, Body.PROBLEM)
_PROBLEM_503 = Reply(503, Body.PROBLEM)
_BAD_DATA = Reply(422, Body.PROBLEM, attention=True)
_ACK = Reply(200, Body.ACKNOWLEDGEMENT)
_ACK_BAD_DATA = Reply(200, Body.ACKNOWLEDGEMENT, attention=True)

REPLIES: Mapping[str, Mapping[Outcome, Reply]] = {
    "dataverse": {
        Outcome.ACCEPTED: Reply(202, Body.STATUS),
        Outcome.NOT_PROVEN: _PROBLEM_401,
        Outcome.UNRELATED: Reply(204),
        Outcome.REJECTED: _BAD_DATA,
        Outcome.UNAVAILABLE: _PROBLEM_503,
    },
    "hubspot": {
        Outcome.ACCEPTED: Reply(200, Body.STATUS),
        Outcome.NOT_PROVEN: _PROBLEM_401,
        Outcome.UNRELATED: Reply(200),
        Outcome.REJECTED: _BAD_DATA,
        Outcome.UNAVAILABLE: _PROBLEM_503,
    },
    "salesforce": {
        Outcome.ACCEPTED: _ACK,
        Outcome.NOT_PROVEN: _PROBLEM_401,
        Outcome.UNRELATED: _ACK,
        Outcome.REJECTED: _ACK_BAD_DATA,
        Outcome.UNAVAILABLE: _PROBLEM_503,
    },
    "standard": {
        Outcome.ACCEPTED: Reply(202, Body.STATUS),
        Outcome.NOT_PROVEN: _PROBLEM_401,
        Outcome.UNRELATED: Reply(204),
        Outcome.REJECTED: Reply(422, Body.PROBLEM),
        Outcome.UNAVAILABLE: Reply(503, Body.PROBLEM, retry_after=True),
    },
}
"""The reply policy: source -> what happened -> answer."""
