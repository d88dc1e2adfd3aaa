"""To the moment: what holds at the very second at which something begins or ends."""

from sandbox.partner_center import Act, CustomerScript, Fault, LateEffect, Moment, Operation, Vetting
from sandbox.partner_center.answer import Answer
from sandbox.partner_center.standing import Refused
from tests.contract.partner_center_simulator.in_process import InProcess

CUSTOMER = "00000000-0000-0000-0000-000000000001"


def test_a_write_shows_in_a_look_of_the_same_moment() -> None:
    """Unless it is scripted to be late."""
    partner = InProcess()
    partner.post(CUSTOMER)
    assert partner.statuses(CUSTOMER) == ["InReview"]


def test_a_lost_write_begins_and_shows_at_its_moments() -> None:
    """First it takes effect, then it shows; silence is an act and not an answer."""
    partner = InProcess()
    late = LateEffect(effect_after=60, shows_after=30)
    lost = Fault(operation=Operation.POST, times=1, moment=Moment.AFTER, then=Act.HANG, late=late)
    partner.partner_center.fault(lost)
    partner.partner_center.script(CustomerScript(education=Vetting(after=3600)))
    assert partner.post(CUSTOMER) is Act.HANG
    partner.advance(seconds=60)
    second = partner.post(CUSTOMER)
    assert isinstance(second, Answer)
    assert second.status == 409
    partner.advance(seconds=29)
    assert partner.statuses(CUSTOMER) == []
    partner.advance(seconds=1)
    assert partner.statuses(CUSTOMER) == ["InReview"]
    partner.advance(seconds=3569)
    assert partner.statuses(CUSTOMER) == ["InReview"]
    partner.advance(seconds=1)
    assert partner.statuses(CUSTOMER) == ["Approved"]


def test_a_row_is_gone_and_a_customer_is_known_at_the_moment_that_says_so() -> None:
    """Ends do not belong to their spans, beginnings do."""
    partner = InProcess()
    script = CustomerScript(
        refused=(Refused(ends=10), Refused(begins=40)), education=Vetting(after=0, vanishes_after=20)
    )
    partner.partner_center.script(script)
    first = partner.post(CUSTOMER)
    assert isinstance(first, Answer)
    assert first.status == 404
    partner.advance(seconds=10)
    partner.post(CUSTOMER)
    partner.advance(seconds=20)
    assert partner.statuses(CUSTOMER) == []
    partner.advance(seconds=10)
    gone = partner.get(CUSTOMER)
    assert isinstance(gone, Answer)
    assert gone.status == 404
