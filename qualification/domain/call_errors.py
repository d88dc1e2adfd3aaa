"""How a call to Partner Center or its sign-in can fail, and what is to be done about each; errors.py has the whole tree."""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Self
from uuid import UUID

from qualification.domain.errors import QualificationError


class Reaction(StrEnum):
    """What the service does about an error from Partner Center."""

    NEVER = "never"
    LATER = "later"
    AFTER = "after"
    RECONCILE = "reconcile"
    WHEN_FIXED = "when fixed"


class PartnerCenterError(QualificationError):
    """Partner Center or its sign-in did not do what was asked.

    Attributes:
        code: Partner Center's own code, kept word for word, or ours where it gave none.
        description: its own words, or ours where it gave none; never a secret.
        http_status: the answer's status, or None where no answer came.
        correlation_id: MS-CorrelationId of the call, for Microsoft's support.
        remedy: what a person can do about it.
        at: when it was answered, by Partner Center's clock; None where nobody answered.
        retry_at: the moment before which it must not be asked again, by Partner Center's clock; None where it named none.
    """

    reaction: ClassVar[Reaction]
    answered: ClassVar[bool] = True
    """Whether the call was answered for certain; if so MS-RequestId is renewed before the next call."""

    def __init__(
        self,
        code: str,
        description: str,
        *,
        http_status: int | None = None,
        correlation_id: UUID | None = None,
        remedy: str = "",
        at: datetime | None = None,
        retry_at: datetime | None = None,
    ) -> None:
        status = f"HTTP {http_status} " if http_status else ""
        super().__init__(f"{status}{code}: {description}")
        self.code = code
        self.description = description
        self.http_status = http_status
        self.correlation_id = correlation_id
        self.remedy = remedy
        self.at = at
        self.retry_at = retry_at


class Refused(PartnerCenterError):
    """The request is wrong for Partner Center; asking again changes nothing."""

    reaction = Reaction.NEVER


class UnderReview(PartnerCenterError):
    """Microsoft is busy with the customer's account, or with another change of it: ask again in hours, with a new id."""

    reaction = Reaction.LATER


class Unavailable(PartnerCenterError):
    """Network, 408 or 5xx: ask again with back-off."""

    reaction = Reaction.LATER
    answered = False


class Unsent(Unavailable):
    """Nothing has left this machine: no connection, no token, a hold, or not begun in time."""


class Held(Unsent):
    """A cause holds everybody's writes until its next probe, which may go at `retry_at` (this host's clock)."""

    retry_at: datetime


class Throttled(PartnerCenterError):
    """429: nothing goes to Partner Center before `retry_at` (aware UTC, by Partner Center's clock).

    Attributes:
        alone: whether only this customer is answered so, and nobody else waits.
    """

    reaction = Reaction.AFTER
    retry_at: datetime

    def __init__(
        self,
        retry_at: datetime,
        *,
        http_status: int | None = None,
        correlation_id: UUID | None = None,
        at: datetime | None = None,
        alone: bool = False,
    ) -> None:
        self.alone = alone
        super().__init__(
            "throttled",
            f"Partner Center asks {'this customer alone ' if alone else ''}to wait until {retry_at:%Y-%m-%dT%H:%M:%SZ}",
            http_status=http_status,
            correlation_id=correlation_id,
            remedy="Nothing to do: the service waits and goes on by itself.",
            at=at,
            retry_at=retry_at,
        )

    def for_one_customer(self, retry_at: datetime) -> Self:
        """The same about one customer only, which is called again at `retry_at`."""
        return type(self)(
            retry_at, http_status=self.http_status, correlation_id=self.correlation_id, at=self.at, alone=True
        )


class OutcomeUnknown(PartnerCenterError):
    """It may or may not have taken effect: look before asking again."""

    reaction = Reaction.RECONCILE
    answered = False


class InTheWay(OutcomeUnknown):
    """409: refused, and something is in the way; whether an earlier write took effect is not known."""

    answered = True


class PersonNeeded(PartnerCenterError):
    """A person must act; the request waits meanwhile and is tried again slowly.

    Attributes:
        attention: the reason that the attention event gives.
        partner_wide: True where every customer is affected, False where only this one is.
    """

    reaction = Reaction.WHEN_FIXED
    attention: ClassVar[str]

    def __init__(
        self,
        code: str,
        description: str,
        *,
        partner_wide: bool,
        http_status: int | None = None,
        correlation_id: UUID | None = None,
        remedy: str = "",
        at: datetime | None = None,
    ) -> None:
        super().__init__(
            code, description, http_status=http_status, correlation_id=correlation_id, remedy=remedy, at=at
        )
        self.partner_wide = partner_wide

    def for_one_customer(self) -> Self:
        """The same about one customer only."""
        return self._again(partner_wide=False, http_status=self.http_status, at=self.at)

    def as_answered(self, http_status: int, at: datetime) -> Self:
        """The same as the reason of an answer: its status, and when it came by Partner Center's clock."""
        return self._again(partner_wide=self.partner_wide, http_status=http_status, at=at)

    def _again(self, *, partner_wide: bool, http_status: int | None, at: datetime | None) -> Self:
        return type(self)(
            self.code,
            self.description,
            partner_wide=partner_wide,
            http_status=http_status,
            correlation_id=self.correlation_id,
            remedy=self.remedy,
            at=at,
        )


class AccessLost(PersonNeeded):
    """Sign-in, consent or role is missing."""

    attention = "access-lost"


def is_unauthorized(error: PartnerCenterError) -> bool:
    """Whether a write's token was not taken, and so the write was not either (401)."""
    return isinstance(error, AccessLost) and error.http_status == 401  # noqa: PLR2004  Unauthorized


class CustomerUnreachable(PersonNeeded):
    """Partner Center does not know this customer, or does not give it to the partner: it has no relationship or GDAP."""

    attention = "customer-unreachable"


class Elsewhere(PersonNeeded):
    """Somebody else answers: a proxy, or whoever is at a wrong URL. It is never the request that is wrong."""

    attention = "partner-center-unreachable"
