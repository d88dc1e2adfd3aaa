"""How often Partner Center and its sign-in are asked."""

from qualification.domain.request import Qualification
from sandbox.partner_center import Operation, PartnerCenterThread
from tests.counting.counted_service import CountedService
from tests.counting.samples import customers, vetted, waiting
from tests.unit.builders import POLICY

BOTH = (Qualification.EDUCATION, Qualification.STATE_OWNED_ENTITY)


def calls(partner_center: PartnerCenterThread) -> dict[Operation, int]:
    """The calls that have arrived, by operation."""
    return partner_center.run(lambda state: dict(state.books.count))


async def test_a_review_asks_once_a_customer(service: CountedService, partner_center: PartnerCenterThread) -> None:
    """However many of its requests are in review, and with one sign-in for everybody."""
    await service.put(vetted(customers(40), BOTH))
    service.clock.advance(POLICY.review_first)
    await service.due_work.advance()
    assert calls(partner_center) == {Operation.TOKEN: 1, Operation.GET: 40}


async def test_the_next_run_signs_in_no_more(service: CountedService, partner_center: PartnerCenterThread) -> None:
    """The token is kept for as long as it is good."""
    await service.put(vetted(customers(5)))
    for _ in range(3):
        service.clock.advance(2 * POLICY.review_first)
        await service.due_work.advance()
    assert calls(partner_center) == {Operation.TOKEN: 1, Operation.GET: 15}


async def test_a_run_with_nothing_due_asks_nobody(service: CountedService, partner_center: PartnerCenterThread) -> None:
    """Not even the sign-in."""
    await service.put(vetted(customers(5)))
    await service.due_work.advance()
    assert calls(partner_center) == {}


async def test_a_submission_looks_once_and_posts_once(
    service: CountedService, partner_center: PartnerCenterThread
) -> None:
    """Twenty at once: one sign-in of the app to look and one with the user to post."""
    records = waiting(customers(20))
    await service.put(records)
    for record in records:
        await service.submission.submit(record.customer_tenant_id, record.request_id)
    assert calls(partner_center) == {Operation.TOKEN: 2, Operation.GET: 20, Operation.POST: 20}
