"""Which of a customer's requests is which, as one read of the store found them."""

from datetime import timedelta
from uuid import UUID

from qualification.domain.customer import Customer
from qualification.domain.record import Record
from qualification.domain.request import Qualification
from qualification.domain.status import Status
from qualification.domain.transition import CustomerState, Newest, Stored
from tests.unit.builders import CUSTOMER, NOW, REQUEST, approved, queued, wanted

NEWER, GOVERNMENT = UUID(int=7), UUID(int=8)
OF_GOVERNMENT = approved(wanted(Qualification.GOVERNMENT_COMMUNITY_CLOUD), request_id=GOVERNMENT)


def state(*records: Record, newest: UUID | None = None, active: bool = True) -> CustomerState:
    """A customer with these requests, the newest of Education being that one."""
    guards = {Qualification.EDUCATION: Newest(newest, active, "1")} if newest else {}
    stored = tuple(Stored(each, "1") for each in records)
    return CustomerState(Customer(customer_tenant_id=CUSTOMER), records=stored, guards=guards)


def test_the_others_are_all_requests_but_this_one() -> None:
    """What they have spent and what they wait for counts; its own does not stand in its way."""
    record, newer = queued(), queued(request_id=NEWER)
    assert state(record, newer, OF_GOVERNMENT).others(record) == (newer, OF_GOVERNMENT)


def test_the_newest_is_the_one_of_the_guard() -> None:
    """Clocks differ between instances; a qualification without a guard has none."""
    record = queued(created_at=NOW + timedelta(days=1))
    assert state(record, newest=REQUEST).is_newest(record)
    assert not state(record, newest=NEWER).is_newest(record)
    assert not state(record).is_newest(record)


def test_the_newest_that_was_sent_speaks() -> None:
    """What Partner Center shows is about that; one that was cancelled before it was sent says nothing."""
    older, cancelled = approved(), queued(request_id=NEWER, status=Status.CANCELLED)
    both = state(older, cancelled, newest=NEWER)
    assert (both.speaks(older), both.speaks(cancelled)) == (True, False)
    sent = cancelled.changed(attempts=1)
    both = state(older, sent, newest=NEWER)
    assert (both.speaks(older), both.speaks(sent)) == (False, True)


def test_nothing_speaks_where_nothing_was_sent() -> None:
    """Whatever is shown there is somebody else's."""
    cancelled = queued(status=Status.CANCELLED)
    assert not state(cancelled, newest=REQUEST).speaks(cancelled)


def test_a_qualification_is_approved_where_the_request_that_speaks_is() -> None:
    """An older approval behind a newer request is none, nor is that of another qualification."""
    older, newer = approved(), queued(request_id=NEWER)
    alone = state(older, OF_GOVERNMENT, newest=REQUEST)
    assert alone.approved(Qualification.EDUCATION) == Stored(older, "1")
    for behind in (state(older, newer, newest=NEWER), state(newer, older, newest=NEWER), state(newer, newest=NEWER)):
        assert behind.approved(Qualification.EDUCATION) is None
    assert alone.approved(Qualification.STATE_OWNED_ENTITY) is None


def test_the_newest_is_unfinished_or_has_ended() -> None:
    """As the guard says; one that this version cannot read is neither."""
    record = queued()
    unfinished, over = state(record, newest=REQUEST), state(record, newest=REQUEST, active=False)
    assert (unfinished.active(Qualification.EDUCATION), unfinished.ended(Qualification.EDUCATION)) == (
        Stored(record, "1"),
        None,
    )
    assert (over.active(Qualification.EDUCATION), over.ended(Qualification.EDUCATION)) == (None, Stored(record, "1"))
    assert state(newest=REQUEST).active(Qualification.EDUCATION) is None
