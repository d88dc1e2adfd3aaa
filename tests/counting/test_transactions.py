"""How often the store is asked, and for how much."""

from math import ceil

from qualification.stores.keys import SHARDS
from qualification.stores.rows import MAX_CHANGES
from tests.counting.conftest import OpenService
from tests.counting.counted_service import CountedService
from tests.counting.samples import customers, denied, vetted, waiting
from tests.unit.builders import POLICY, order

PAGE = 10
TAKEN_ON = 8 * PAGE
"""Work items that a run has in hand at most: two pages under review, one that waits for them, and what is read ahead."""


async def test_reviews_without_news_share_transactions(service: CountedService) -> None:
    """A review changes three rows, and as many reviews go into a transaction as it takes."""
    await service.put(vetted(customers(300, SHARDS[:1])))
    service.clock.advance(POLICY.review_first)
    await service.due_work.advance()
    assert sum(service.rows.transactions) == 300 * 3
    assert len(service.rows.transactions) == ceil(300 / (MAX_CHANGES // 3))


async def test_a_run_reads_what_is_due_and_nothing_else(service: CountedService) -> None:
    """Finished requests cost it nothing: one question a shard, for the marker and the hold, then each due item and its customer's rows."""
    await service.put([*denied(customers(200)), *vetted(customers(6))])
    await service.due_work.advance()
    assert (service.rows.scans, service.rows.read, service.rows.gets) == (len(SHARDS), 0, 0)
    service.clock.advance(POLICY.review_first)
    service.rows.forget()
    await service.due_work.advance()
    assert (service.rows.scans, service.rows.read, service.rows.gets) == (len(SHARDS) + 6, 6 + 6 + 6, 2)


async def test_due_work_is_streamed(open_service: OpenService) -> None:
    """A run takes on a few pages at a time, however many are due."""
    service = open_service(PAGE)
    await service.put(vetted(customers(480)))
    service.clock.advance(POLICY.review_first)
    run = await service.due_work.advance()
    assert run.reviewed.customers == 480
    assert PAGE <= service.rows.most_taken_on <= TAKEN_ON


async def test_a_webhook_is_accepted_in_one_transaction(service: CountedService) -> None:
    """Record, guard, work item and the customer's own row; an earlier request would show in it, so nothing is read first."""
    await service.store.ping()
    service.rows.forget()
    await service.intake.accept(order())
    assert service.rows.transactions == [4]
    assert (service.rows.gets, service.rows.scans) == (0, 0)


async def test_a_submission_takes_three_transactions(service: CountedService) -> None:
    """The claim before the POST, what came of it, and the event that is on the topic then."""
    (record,) = waiting(customers(1))
    await service.put([record])
    await service.submission.submit(record.customer_tenant_id, record.request_id)
    assert len(service.rows.transactions) == 3
