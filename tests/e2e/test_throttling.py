"""After a 429 nothing at all is sent to Partner Center before the moment that it named."""

from datetime import timedelta

import pytest

from sandbox.partner_center import Operation, Outcome, PartnerCenterThread, Qualification, ReplyName, Vetting
from sandbox.partner_center.vocabulary import SIGN_IN_OPERATIONS
from tests.e2e.customer import Customer
from tests.e2e.eventually import eventually
from tests.e2e.service import EDUCATION, GOVERNMENT, STATE_OWNED, Service
from tests.e2e.subscriber import Subscriber

WAIT = 2
UNDER_WAY = timedelta(seconds=0.5)
"""A call that had left before the 429 came back may still arrive."""


@pytest.mark.parametrize("operation", [Operation.POST, Operation.GET])
def test_everybody_waits_until_the_429_is_over(
    partner: Service, partner_center: PartnerCenterThread, events: Subscriber, operation: Operation
) -> None:
    """Other customers' requests and reviews too; then all go on, and nobody's attention is asked for.

    Nobody excludes that a POST answered 429 was taken all the same, so it goes once more only as one in doubt does.
    """
    reviewed, throttled, *others = (Customer(partner_center) for _ in range(5))
    reviewed.behaves(education=Vetting(outcome=Outcome.NEVER))
    in_review = partner.request(reviewed.id, EDUCATION)
    partner.reaches(in_review, "InReview")
    throttled.suffers(operation, times=1, then=ReplyName.THROTTLED, retry_after=WAIT)
    first = partner.request(throttled.id, EDUCATION)
    eventually(lambda: any(call.status == 429 for call in throttled.calls(operation)))
    contents = (EDUCATION, GOVERNMENT, STATE_OWNED)
    later = [partner.request(each.id, content) for each, content in zip(others, contents, strict=True)]
    resource = partner.until(first, lambda resource: resource["error"] is not None)
    assert (resource["error"]["code"], resource["error"]["httpStatus"]) == ("throttled", 429)
    assert resource["status"] == ("Submitting" if operation is Operation.POST else "Queued")
    for accepted in (first, *later):
        assert partner.reaches(accepted, "Approved")["error"] is None
    (began,) = [call.at for call in throttled.calls(operation) if call.status == 429]
    over = began + timedelta(seconds=WAIT)
    calls = partner_center.run(lambda state: state.books.calls())
    during = [call for call in calls if call.operation not in SIGN_IN_OPERATIONS and began + UNDER_WAY < call.at < over]
    assert [(call.at - began, call.operation, call.customer) for call in during] == []
    assert throttled.effective_posts == 1
    looks = len(reviewed.calls(Operation.GET))
    eventually(lambda: len(reviewed.calls(Operation.GET)) > looks)
    assert events.received(throttled.id, "attention") == []
    reviewed.is_decided(Qualification.EDUCATION, "Approved")
    partner.reaches(in_review, "Approved")
