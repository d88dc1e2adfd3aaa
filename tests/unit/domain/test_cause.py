"""A cause that a person must resolve outside: who has met it, whom it holds, and what ends it."""

from dataclasses import dataclass
from uuid import UUID

import pytest

from qualification.domain.call_errors import AccessLost, PartnerCenterError
from qualification.domain.hold import IN_DOUBT, Cause, Hold, Pause, Personal, Stop
from qualification.domain.lone_throttle import LoneThrottle
from qualification.domain.waiting import Reason
from tests.unit.builders import (
    ACCESS_LOST,
    CUSTOMER,
    ELSEWHERE,
    NO_RELATIONSHIP,
    NOW,
    OTHER_CUSTOMER,
    REFUSED,
    REQUEST,
    UNAVAILABLE,
    UNKNOWN,
)
from tests.unit.call_errors import UNDER_REVIEW
from tests.unit.domain.held_calls import HOUR, LATE, answered, cause, failed

THIRD = UUID(int=3)
MFA = AccessLost("AADSTS50076", "MFA is needed.", partner_wide=True, remedy="Sign in.")
LONE = LoneThrottle(customer_id=CUSTOMER, times=2, others=False, until=NOW + HOUR)


def own(customer: UUID, code: str = MFA.code) -> Personal:
    """A cause that only this customer's writes meet."""
    return Personal(customer_id=customer, code=code)


@pytest.mark.parametrize(("write", "met_by"), [(REQUEST, (CUSTOMER,)), (None, ())], ids=["a write", "a read"])
def test_a_cause_says_what_happened_and_which_customers_write_has_met_it(
    write: UUID | None, met_by: tuple[UUID, ...]
) -> None:
    """It is an answer, and ends the row of calls without one and of writes in doubt."""
    before = Hold(silent=2, silent_since=NOW, doubts=(REQUEST,))
    assert failed(before, ACCESS_LOST, HOUR, write=write) == Hold(
        cause=Cause(
            reason=Reason.ACCESS_LOST,
            code="invalid_grant",
            detail="The refresh token has expired.",
            remedy="Sign in again.",
            since=NOW + HOUR,
            next_probe=NOW + 2 * HOUR,
            met_by=met_by,
        )
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ((), (CUSTOMER,)),
        ((OTHER_CUSTOMER,), (OTHER_CUSTOMER, CUSTOMER)),
        ((CUSTOMER, OTHER_CUSTOMER), (OTHER_CUSTOMER, CUSTOMER)),
    ],
)
def test_a_cause_met_again_began_at_first_and_knows_who_met_it_last(
    before: tuple[UUID, ...], after: tuple[UUID, ...]
) -> None:
    """Whoever met it last is the last to probe again, so that others have their turn."""
    hold = failed(Hold(cause=cause(*before)), MFA, HOUR, write=REQUEST)
    assert hold == Hold(cause=cause(*after).model_copy(update={"next_probe": NOW + 2 * HOUR}))


def test_a_cause_remembers_the_last_nine_that_met_it() -> None:
    """The row is of limited size."""
    everybody = tuple(UUID(int=number) for number in range(10))
    hold = failed(Hold(cause=cause(*everybody[:9])), MFA, write=REQUEST, customer=everybody[9])
    assert hold == Hold(cause=cause(*everybody[1:]))


@pytest.mark.parametrize("error", [ACCESS_LOST, ELSEWHERE], ids=["another code", "another reason"])
def test_another_cause_takes_the_place_of_the_one_before(error: PartnerCenterError) -> None:
    """It begins now, and nobody else has met it yet."""
    after = failed(Hold(cause=cause(OTHER_CUSTOMER)), error, HOUR, write=REQUEST).cause
    assert after is not None
    assert (after.code, after.since, after.met_by) == (error.code, NOW + HOUR, (CUSTOMER,))


@dataclass(frozen=True)
class Answer:
    """An answered call under a cause.

    Attributes:
        before: what held everybody.
        after: what holds everybody then.
        writes: whether it was a write.
        probe: whether it was the one that the cause lets through.
    """

    before: Hold
    after: Hold
    writes: bool = True
    probe: bool = False


MET_BY_READS = Hold(cause=cause())
MET_BY_ANOTHER = Hold(cause=cause(OTHER_CUSTOMER))
MET_BY_TWO = Hold(cause=cause(OTHER_CUSTOMER, THIRD))
IN_DOUBT_ONLY = Hold(cause=cause(code=IN_DOUBT))


@pytest.mark.parametrize(
    "case",
    {
        "no cause, a probe that comes late": Answer(Hold(), Hold(), probe=True),
        "a probe of whoever met it": Answer(Hold(cause=cause(CUSTOMER)), Hold(), probe=True),
        "a probe of another": Answer(MET_BY_ANOTHER, Hold(personal=(own(OTHER_CUSTOMER),)), probe=True),
        "a probe, and two have met it": Answer(MET_BY_TWO, Hold(), probe=True),
        "a probe, and no write has met it": Answer(MET_BY_READS, Hold(), probe=True),
        "a read, and reads have met it": Answer(MET_BY_READS, Hold(), writes=False),
        "a read, and a write has met it": Answer(MET_BY_ANOTHER, MET_BY_ANOTHER, writes=False),
        "a read, and writes are in doubt": Answer(IN_DOUBT_ONLY, IN_DOUBT_ONLY, writes=False),
        "a write that was under way": Answer(MET_BY_READS, MET_BY_READS),
    }.items(),
    ids=lambda case: case[0],
)
def test_a_cause_ends_where_an_answer_shows_that_it_is_gone(case: tuple[str, Answer]) -> None:
    """Not before, or everybody's writes meet it; and one customer's own cause must not hold everybody again."""
    told = case[1]
    assert answered(told.before, writes=told.writes, probe=told.probe) == told.after


def test_the_fifty_newest_causes_of_single_customers_are_remembered() -> None:
    """The row is of limited size; who met one before stands beside who meets one now."""
    many = tuple(own(UUID(int=number)) for number in range(50))
    hold = MET_BY_ANOTHER.changed(personal=many)
    assert answered(hold, writes=True, probe=True) == Hold(personal=(*many[1:], own(OTHER_CUSTOMER)))


PERSONAL = (own(CUSTOMER, ACCESS_LOST.code),)


@pytest.mark.parametrize(
    ("error", "personal"),
    [
        (ACCESS_LOST, PERSONAL),
        (NO_RELATIONSHIP, ()),
        (UNDER_REVIEW, ()),
        (REFUSED, ()),
        (UNAVAILABLE, ()),
    ],
    ids=["its own cause", "no relationship", "under review", "refused", "unavailable"],
)
def test_an_error_that_is_this_customers_alone_is_an_answer(
    error: PartnerCenterError, personal: tuple[Personal, ...]
) -> None:
    """Partner Center speaks: nothing that held everybody is left but a person's stop, and no pause that is over."""
    stop = Stop(since=NOW, by="key 0a1b")
    before = Hold(
        pause=Pause(since=NOW, until=NOW + HOUR),
        cause=cause(CUSTOMER),
        stop=stop,
        personal=personal,
        lone=LONE,
        doubts=(REQUEST,),
        silent=2,
        silent_since=NOW,
    )
    assert failed(before, error, HOUR, write=REQUEST, probe=True) == Hold(stop=stop, personal=personal)


def test_a_cause_of_its_own_that_a_read_meets_is_everybodys() -> None:
    """Only writes have shown it to be one customer's."""
    assert failed(Hold(personal=PERSONAL), ACCESS_LOST).cause is not None
    assert failed(Hold(personal=PERSONAL), MFA, write=REQUEST).cause is not None


def test_a_read_that_was_answered_in_doubt_is_an_answer() -> None:
    """Only a write can be in doubt."""
    before = Hold(silent=2, silent_since=NOW, doubts=(REQUEST,))
    assert failed(before, LATE) == Hold(doubts=(REQUEST,))
    assert failed(before, UNKNOWN) == before.changed(silent=3)
