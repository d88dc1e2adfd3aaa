"""Customers whose habits are drawn: everything that nobody excludes, in mixtures that nobody thought of."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

from sandbox.partner_center.customer import CustomerScript
from sandbox.partner_center.error_shape import ErrorShape, Wrapping
from sandbox.partner_center.fault import Act, Fault, Moment
from sandbox.partner_center.late_effects import LateEffect
from sandbox.partner_center.letter_case import LetterCase
from sandbox.partner_center.refusals import Manner, Refusals
from sandbox.partner_center.replay import Replay, Replayed
from sandbox.partner_center.reply import ReplyName
from sandbox.partner_center.rows import Dates, History, Look, Order, Rows, Undated
from sandbox.partner_center.standing import Calls, Refused
from sandbox.partner_center.vetting import Later, Outcome, Vetting
from sandbox.partner_center.vocabulary import APPROVED, DENIAL_REASONS, DENIED, IN_REVIEW, Operation
from sandbox.partner_center.wire_shape import DateFormat, EmptyShape, ListShape, PostShape, WireShape

_LATE = (0, 90, 600, 3600)
_LOST_ANSWERS = (
    *(Act.HANG, Act.RESET, ReplyName.GATEWAY_TIMEOUT, ReplyName.SERVICE_UNAVAILABLE),
    *(ReplyName.ACCEPTED_EMPTY, ReplyName.THROTTLED),
)
# Without the page that a proxy answers with 200: to a write it is an acceptance that nothing can tell from a true one.
_PROXY = (ReplyName.BAD_GATEWAY, ReplyName.PROXY_NOT_FOUND, ReplyName.PROXY_SIGN_IN, ReplyName.PROXY_FORBIDDEN)
_GONE = (ReplyName.TENANT_NOT_FOUND, ReplyName.NO_RELATIONSHIP, ReplyName.INVALID_CUSTOMER)
_HOUR = 3600.0
_DAY = 24 * _HOUR


@dataclass(slots=True, frozen=True)
class Earlier:
    """An Education request that somebody made elsewhere, `ago` seconds before the first call."""

    ago: float
    vetting: Vetting


@dataclass(slots=True, frozen=True)
class Dealt:
    """What was drawn for a customer; each fault befalls a few calls only, so that it ends."""

    script: CustomerScript
    faults: tuple[Fault, ...] = ()
    earlier: tuple[Earlier, ...] = ()


def deal(random: Random, hostility: float, pace: float = 1) -> Dealt:
    """Draw a customer's habits.

    Args:
        random: Where the draws come from; the same state gives the same customer.
        hostility: How likely each habit is, from 0 for none to 1 for all.
        pace: What times are multiplied by.
    """
    habits: dict[str, Callable[[Random, float], object]] = {
        "education": _vetting,
        "refusals": _refusals,
        "replay": lambda random, _: Replay(which=random.choice((Replayed.ACCEPTED, Replayed.ANSWERS))),
        "refused": _refused,
        "rows": _rows,
        "shape": _shape,
    }
    script: dict[str, Any] = {name: draw(random, pace) for name, draw in habits.items() if random.random() < hostility}
    mishaps = (_late_write, _refused_write, _lost_code, _wrong_look, _stale_look, _proxy)
    faults = tuple(draw(random, pace) for draw in mishaps if random.random() < hostility)
    earlier = tuple(_earlier(random, pace) for _ in range(2) if random.random() < hostility)
    return Dealt(CustomerScript(**script), faults, earlier)


def _vetting(random: Random, pace: float) -> Vetting:
    after, soon, denial = pace * _DAY * random.uniform(0, 3), pace * _HOUR * random.uniform(1, 48), DENIAL_REASONS[0]
    approved = Later(after=soon, status=APPROVED)
    denied = {"outcome": Outcome.DENIED, "after": after}
    return random.choice((
        Vetting(**denied),
        Vetting(**denied, later=(approved,)),
        Vetting(**denied, later=(Later(after=soon, status=IN_REVIEW), Later(after=soon, status=DENIED, reason=denial))),
        Vetting(**denied, vanishes_after=soon),
        Vetting(outcome=Outcome.WITHDRAWN, after=after, withdrawn_after=soon),
        Vetting(after=after, later=(Later(after=soon, status="Expired"),)),
        Vetting(after=after, later=(Later(after=soon, status="ActionRequired"), approved)),
        Vetting(outcome=Outcome.OTHER_STATUS, after=after, later=(approved,)),
        Vetting(outcome=Outcome.OTHER_STATUS, status="", after=0, later=(approved,)),
        Vetting(outcome=Outcome.NO_STATUS, after=0, later=(approved,)),
        Vetting(outcome=Outcome.NEVER, vanishes_after=soon),
    ))  # fmt: skip


def _refusals(random: Random, _: float) -> Refusals:
    return Refusals(in_review=random.choice(tuple(Manner)), approved=random.choice(tuple(Manner)))


def _refused(random: Random, pace: float) -> tuple[Refused, ...]:
    return random.choice((
        (Refused(reply=random.choice(_GONE), ends=pace * _HOUR * random.uniform(0.1, 48)),),
        (Refused(reply=random.choice(_GONE), begins=pace * _DAY * random.uniform(1, 7)),),
        (Refused(reply=ReplyName.ACCOUNT_UNDER_REVIEW, ends=pace * _DAY * random.uniform(1, 3), calls=Calls.WRITES),),
    ))  # fmt: skip


def _rows(random: Random, _: float) -> Rows:
    return Rows(
        history=random.choice(tuple(History)),
        order=random.choice(tuple(Order)),
        copies=random.choice((1, 2)),
        dates=random.choice(tuple(Dates)),
        undated=random.choice(tuple(Undated)),
    )


def _shape(random: Random, _: float) -> WireShape:
    # A wrapping without a code or words would make a refusal something else, so those are left out here.
    wrappings = (
        None,
        Wrapping.NUMBERED,
        Wrapping.NESTED,
        Wrapping.CODE_DESCRIPTION,
        Wrapping.ERROR_CODE,
        Wrapping.LIST,
    )
    letters = random.choice(tuple(LetterCase))
    return WireShape(
        rows=random.choice(tuple(ListShape)),
        empty=random.choice(tuple(EmptyShape)),
        post=random.choice(tuple(PostShape)),
        date_format=random.choice(tuple(DateFormat)),
        second_date_format=random.choice((None, *DateFormat)),
        letter_case=letters,
        bom=random.random() < 0.5,  # noqa: PLR2004  one of two
        errors=ErrorShape(wrapping=random.choice(wrappings), letter_case=letters),
    )


def _late_write(random: Random, pace: float) -> Fault:
    effect, shows = pace * random.choice(_LATE), pace * random.choice(_LATE)
    return Fault(
        operation=Operation.POST,
        times=random.randint(1, 2),
        moment=Moment.AFTER,
        then=random.choice(_LOST_ANSWERS),
        late=LateEffect(effect_after=effect, shows_after=shows),
    )


def _refused_write(random: Random, _: float) -> Fault:
    # Of these only a 400 says for certain that this very write was not taken.
    then = random.choice((ReplyName.ALREADY_IN_REVIEW, ReplyName.IN_PROGRESS, ReplyName.CONFLICT, ReplyName.THROTTLED))
    moment = Moment.BEFORE if then is ReplyName.ALREADY_IN_REVIEW else random.choice(tuple(Moment))
    return Fault(operation=Operation.POST, times=1, chance=0.5, moment=moment, then=then)


def _lost_code(random: Random, _: float) -> Fault:
    lost = random.randint(1, 3)
    return Fault(operation=Operation.POST, times=1, chance=0.5, then=Act.PROCEED, creates_lost=lost)


def _wrong_look(random: Random, _: float) -> Fault:
    chance = random.uniform(0.1, 0.5)
    return Fault(operation=Operation.GET, times=1, chance=chance, then=Act.PROCEED, look=Look(nothing=True))


def _stale_look(random: Random, pace: float) -> Fault:
    look = Look(age=pace * random.choice(_LATE[1:]), rows=_rows(random, pace))
    return Fault(operation=Operation.GET, times=random.randint(1, 3), chance=0.5, then=Act.PROCEED, look=look)


def _proxy(random: Random, _: float) -> Fault:
    return Fault(times=random.randint(1, 3), chance=0.3, then=random.choice(_PROXY))


def _earlier(random: Random, pace: float) -> Earlier:
    vetting = random.choice((
        Vetting(outcome=Outcome.DENIED, after=0),
        Vetting(outcome=Outcome.DENIED, after=0, vanishes_after=0),
    ))  # fmt: skip
    return Earlier(pace * _DAY * random.uniform(1, 60), vetting)
