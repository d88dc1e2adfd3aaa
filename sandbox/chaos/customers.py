"""The customers of a chaos run: what is asked for each, when, and how Partner Center treats it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any
from uuid import UUID

from sandbox.partner_center import CustomerScript, Outcome, ReplyName, Vetting
from sandbox.partner_center.standing import Refused


@dataclass(frozen=True, slots=True)
class Ask:
    """One delivery of one event.

    Attributes:
        at: seconds after the run has begun.
        event_id: the same for every delivery of an event.
        webhook: whether it comes from a CRM; otherwise over the API.
    """

    at: float
    customer_id: str
    event_id: str
    content: Mapping[str, Any]
    webhook: bool = True


@dataclass(frozen=True, slots=True)
class Customer:
    """One customer.

    Attributes:
        may_fail: the codes with which its requests may fail.
        is_hostile: whether Partner Center draws how it treats the customer, in place of `script`.
        code: the validation code that its requests bring, if they bring one.
    """

    id: str
    kind: str
    script: CustomerScript
    asks: tuple[Ask, ...]
    may_fail: frozenset[str] = frozenset()
    is_hostile: bool = False
    code: str | None = None

    @property
    def confirms(self) -> int:
        """Events that confirm the last verification beforehand."""
        return len({ask.event_id for ask in self.asks if ask.content.get("confirmLastAttempt")})


def populate(random: Random, count: int, seconds: float) -> list[Customer]:
    """Make customers of all kinds, asked for at any time within `seconds`."""
    makers = list(_KINDS)
    return [makers[number % len(makers)](_Maker(random, seconds)) for number in range(count)]


def bait(random: Random, at: float) -> Customer:
    """A school that is asked for when a kill is aimed, so that a host comes to its place."""
    return _school(_Maker(random, at, begin=at), asked_again=0.0)


class _Maker:
    """Makes one customer; each event gets a website of its own, by which its POST is known again."""

    def __init__(self, random: Random, seconds: float, begin: float | None = None) -> None:
        self._random, self._seconds = random, seconds
        self.id = str(UUID(int=random.getrandbits(128), version=4))
        self._events = 0
        self._begin = random.uniform(0, 0.9) * seconds if begin is None else begin

    def customer(
        self, kind: str, asks: list[list[Ask]], may_fail: str = "", code: str | None = None, **script: Any
    ) -> Customer:
        deliveries = tuple(ask for event in asks for ask in event)
        hostile = kind.startswith("hostile")
        return Customer(self.id, kind, CustomerScript(**script), deliveries, frozenset(may_fail.split()), hostile, code)

    def education(self, *, after: float = 0.0, webhook: bool = True, **content: Any) -> list[Ask]:
        website = f"e{self._events + 1}-{self.id[:8]}.example"
        fields = {"qualification": "Education", "educationSegment": "K12", "website": website, **content}
        return self.event(fields, after=after, webhook=webhook)

    def event(self, content: Mapping[str, Any], *, after: float = 0.0, webhook: bool = True) -> list[Ask]:
        """An event, delivered once or, as senders do, again and again."""
        self._events += 1
        at = min(self._begin + after, self._seconds)
        event_id = f"evt-{self.id}-{self._events}"
        again = self._random.choices((0, 1, 3), (70, 20, 10))[0]
        times = [at, *(min(at + self.between(0, 2), self._seconds) for _ in range(again))]
        return [Ask(time, self.id, event_id, content, webhook) for time in times]

    def early(self) -> "_Maker":
        """Begin in the first part of the run."""
        self._begin *= 0.2
        return self

    def between(self, low: float, high: float) -> float:
        return self._random.uniform(low, high)

    def chance(self, share: float) -> bool:
        return self._random.random() < share


def _school(make: _Maker, asked_again: float = 0.4) -> Customer:
    asks = [make.education(webhook=make.chance(0.7))]
    if make.chance(asked_again):
        asks.append(make.education(after=make.between(0, 4), webhook=make.chance(0.5)))
    return make.customer("school", asks, education=Vetting(after=make.between(0, 3)))


def _company(make: _Maker) -> Customer:
    # As often as a person might try, and a last time with the confirmation that the third attempt wants.
    asks = [make.education(after=number * make.between(1, 5)) for number in range(3)]
    asks.append(make.education(after=16, confirmLastAttempt=True))
    vetting = Vetting(outcome=Outcome.DENIED, after=make.between(0, 2))
    return make.customer("company", asks, "education-budget-spent", education=vetting)


def _patient(make: _Maker) -> Customer:
    return make.customer("patient", [make.early().education()], education=Vetting(outcome=Outcome.NEVER))


def _withdrawn(make: _Maker) -> Customer:
    vetting = Vetting(outcome=Outcome.WITHDRAWN, after=0.5, withdrawn_after=3)
    return make.customer("withdrawn", [make.education()], education=vetting)


def _city(make: _Maker) -> Customer:
    asks = [make.event({"qualification": "GovernmentCommunityCloud"}, webhook=make.chance(0.5))]
    return make.customer("city", asks)


def _county(make: _Maker) -> Customer:
    code = f"GCC-{make.id[:13]}"
    content = {"qualification": "GovernmentCommunityCloud", "validationCode": code}
    return make.customer("county", [make.event(content)], code=code)


def _railway(make: _Maker) -> Customer:
    content = {"qualification": "StateOwnedEntity"}
    asks = [make.event(content), make.event(content, after=make.between(0, 6), webhook=False)]
    return make.customer("railway", asks)


def _college(make: _Maker) -> Customer:
    content = {"qualification": "Education", "educationSegment": "HigherEducation", "mode": "synchronous"}
    # A proxy's 404 to the PUT is taken for what the retired API may answer.
    return make.customer("college", [make.event(content)], "http-404")


def _academy(make: _Maker) -> Customer:
    """A school that is a government body too, which Partner Center does not allow: one of the two is refused."""
    asks = [make.education(), make.event({"qualification": "GovernmentCommunityCloud"}, after=make.between(0, 1))]
    return make.customer("academy", asks, "qualifications-cannot-be-combined", education=Vetting(after=0.5))


def _stranger(make: _Maker) -> Customer:
    """Partner Center does not know it yet."""
    refused = Refused(reply=ReplyName.TENANT_NOT_FOUND, ends=make.between(1, 30))
    return make.customer("stranger", [make.education()], refused=(refused,))


def _hostile_school(make: _Maker) -> Customer:
    """Partner Center does to it what nobody excludes."""
    asks = [make.education(webhook=make.chance(0.7))]
    if make.chance(0.3):
        asks.append(make.education(after=make.between(0, 8), webhook=make.chance(0.5)))
    return make.customer("hostile school", asks)


def _hostile_city(make: _Maker) -> Customer:
    return make.customer("hostile city", [make.event({"qualification": "GovernmentCommunityCloud"})])


_KINDS: tuple[Callable[[_Maker], Customer], ...] = (
    _patient,
    _school,
    _company,
    _city,
    _school,
    _withdrawn,
    _county,
    _railway,
    _college,
    _academy,
    _stranger,
    _hostile_school,
    _hostile_city,
    _hostile_school,
    _hostile_school,
)
