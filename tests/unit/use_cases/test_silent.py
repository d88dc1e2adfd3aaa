"""What a read does to requests of which nothing is to come, and to the verifications of those that speak."""

from datetime import timedelta

import pytest

from qualification.domain.customer import Certainty, Customer
from qualification.domain.errors import StoreUnavailable
from qualification.domain.look import Look
from qualification.domain.status import Status
from qualification.domain.unclear import noted
from qualification.domain.work import Work, WorkAction
from qualification.use_cases.review import Reviewed
from tests.unit.builders import CUSTOMER, NOW, POLICY, REQUEST, UNKNOWN, in_review, queued, row, submitting
from tests.unit.domain.write_outcomes import after
from tests.unit.stage import Stage
from tests.unit.stand_ins.partner_center import Write
from tests.unit.use_cases.reviews import reviewed

HOUR = timedelta(hours=1)


async def test_who_is_not_due_any_more_is_not_read(stage: Stage) -> None:
    """Another host has read the customer since it was found to be due."""
    record = await stage.put(in_review(work=Work(action=WorkAction.REVIEW, due=NOW + HOUR)))
    assert await reviewed(stage, [record]) == Reviewed()
    assert stage.partner_center.looks == []


async def test_an_older_request_given_up_in_doubt_is_read_on_later(stage: Stage) -> None:
    """It speaks again should the newer one end before anything is sent."""
    doubt = after(submitting(), UNKNOWN).record
    older = await stage.put(
        doubt.changed(status=Status.FAILED, work=Work(action=WorkAction.REVIEW, due=NOW), request_id=stage.new_id())
    )
    await stage.put(in_review(created_at=NOW + HOUR))
    stage.partner_center.held[CUSTOMER] = [row("InReview")]
    stage.clock.advance(POLICY.review_first)
    await reviewed(stage, [older])
    assert (await stage.stored(older)).work == Work(action=WorkAction.REVIEW, due=stage.clock.now + POLICY.review_ended)


async def test_a_review_that_is_found_is_a_verification_for_certain(stage: Stage) -> None:
    """Its write was in doubt before."""
    stage.partner_center.held[CUSTOMER] = []
    await stage.put(queued())
    stage.partner_center.otherwise = Write(error=UNKNOWN)
    await stage.submit(queued())
    (before,) = (await stage.state(CUSTOMER)).customer.verifications
    await stage.advance(POLICY.review_first)
    (found,) = (await stage.state(CUSTOMER)).customer.verifications
    assert (before.certainty, found.certainty) == (Certainty.IN_DOUBT, Certainty.CERTAIN)
    assert (before.request_id, found.request_id) == (REQUEST, REQUEST)


async def test_a_review_that_is_shown_again_is_lacking_no_more(stage: Stage) -> None:
    """Or the customer's next request would wait."""
    record = in_review()
    lacking = noted(Customer(customer_tenant_id=CUSTOMER), [record], Look((), NOW))
    await stage.put(record, lacking)
    stage.partner_center.held[CUSTOMER] = [row("InReview")]
    await stage.advance(POLICY.review_first)
    found = (await stage.state(CUSTOMER)).customer
    assert (lacking.unclear, found.unclear, found.unclear_since) == ((REQUEST,), (), None)


async def test_a_store_that_fails_for_one_customer_ends_the_round(stage: Stage) -> None:
    """Its error says so, and not a group of errors."""
    record = await stage.put(in_review())
    stage.partner_center.held[CUSTOMER] = [row("Approved")]
    stage.clock.advance(POLICY.review_first)

    def fails() -> None:
        stage.rows.down = True

    stage.partner_center.during_a_look = fails
    with pytest.raises(StoreUnavailable):
        await reviewed(stage, [record])
