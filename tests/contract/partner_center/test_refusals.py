"""Errors over real sockets: each answer becomes one of the service's errors, for reads and writes."""

from collections.abc import Awaitable
from uuid import UUID, uuid4

import pytest

from qualification.domain.call_errors import (
    AccessLost,
    CustomerUnreachable,
    InTheWay,
    OutcomeUnknown,
    PartnerCenterError,
    Refused,
    Throttled,
    Unavailable,
)
from qualification.partner_center.client import PartnerCenterClient
from sandbox.partner_center import PartnerCenterThread
from sandbox.partner_center.customer import CustomerScript
from sandbox.partner_center.fault import Fault
from sandbox.partner_center.reply import Reply, ReplyName
from sandbox.partner_center.vocabulary import Operation
from tests.contract.partner_center.requests import EDUCATION, GOVERNMENT

EXPECTED: dict[ReplyName, tuple[type[PartnerCenterError], type[PartnerCenterError]]] = {
    ReplyName.THROTTLED: (Throttled, Throttled),
    ReplyName.REQUEST_TIMEOUT: (Unavailable, OutcomeUnknown),
    ReplyName.INTERNAL_ERROR: (Unavailable, OutcomeUnknown),
    ReplyName.INTERNAL_ERROR_TEXT: (Unavailable, OutcomeUnknown),
    ReplyName.BAD_GATEWAY: (Unavailable, OutcomeUnknown),
    ReplyName.SERVICE_UNAVAILABLE: (Unavailable, OutcomeUnknown),
    ReplyName.GATEWAY_TIMEOUT: (Unavailable, OutcomeUnknown),
    ReplyName.NOT_RETRYABLE: (Unavailable, OutcomeUnknown),
    ReplyName.TAGGING_DENIED: (Refused, Refused),
    ReplyName.MFA_REQUIRED: (AccessLost, AccessLost),
    ReplyName.AUTHORIZATION_FAILED: (AccessLost, AccessLost),
    ReplyName.NO_RELATIONSHIP: (CustomerUnreachable, CustomerUnreachable),
    ReplyName.INSUFFICIENT_PRIVILEGES: (CustomerUnreachable, CustomerUnreachable),
    ReplyName.CONFLICT: (Unavailable, InTheWay),
    ReplyName.REDIRECT: (Unavailable, OutcomeUnknown),
}


def write(client: PartnerCenterClient, customer_id: UUID) -> Awaitable[object]:
    """A POST."""
    return client.create_qualification(customer_id, EDUCATION, ms_request_id=uuid4())


async def failed(client: PartnerCenterClient, customer_id: UUID, *, writes: bool) -> PartnerCenterError:
    """The error of a read or a write that fails."""
    with pytest.raises(PartnerCenterError) as caught:
        await (write(client, customer_id) if writes else client.get_qualifications(customer_id))
    return caught.value


@pytest.mark.parametrize("reply", EXPECTED)
@pytest.mark.parametrize("writes", [False, True])
async def test_every_bad_answer_becomes_one_error(
    client: PartnerCenterClient,
    partner_center: PartnerCenterThread,
    customer_id: UUID,
    reply: ReplyName,
    *,
    writes: bool,
) -> None:
    """With the status, the correlation id of the very call, and a remedy."""
    operation = Operation.POST if writes else Operation.GET
    partner_center.run(lambda state: state.fault(Fault(operation=operation, then=reply)))
    error = await failed(client, customer_id, writes=writes)
    assert type(error) is EXPECTED[reply][writes]
    last = partner_center.run(lambda state: state.books.calls(operation))[-1]
    assert error.http_status == last.status
    assert str(error.correlation_id) == last.correlation_id
    assert error.remedy
    assert error.at is not None


async def test_a_redirect_is_not_followed(
    client: PartnerCenterClient, partner_center: PartnerCenterThread, customer_id: UUID
) -> None:
    """The bearer token never travels elsewhere, not even on the same host."""
    partner_center.run(lambda state: state.fault(Fault(operation=Operation.GET, then=ReplyName.REDIRECT)))
    error = await failed(client, customer_id, writes=False)
    assert "PARTNER_CENTER_URL" in error.remedy
    assert partner_center.run(lambda state: state.books.calls(Operation.OTHER)) == []


async def test_the_refusals_of_partner_center_itself_are_kept_word_for_word(
    client: PartnerCenterClient, partner_center: PartnerCenterThread, customer_id: UUID
) -> None:
    """An unknown customer waits, GCC beside Education is refused."""
    partner_center.run(lambda state: state.script(CustomerScript(known=False), str(customer_id)))
    assert isinstance(await failed(client, customer_id, writes=True), CustomerUnreachable)
    other = uuid4()
    await client.create_qualification(other, EDUCATION, ms_request_id=uuid4())
    with pytest.raises(Refused) as refused:
        await client.create_qualification(other, GOVERNMENT, ms_request_id=uuid4())
    assert refused.value.description.endswith(".")


async def test_a_long_page_of_error_keeps_its_status(
    client: PartnerCenterClient, partner_center: PartnerCenterThread, customer_id: UUID
) -> None:
    """The body of an error is read no further than that of a success."""
    page = Reply(status=503, text="x" * (2 * 1024 * 1024))
    partner_center.run(lambda state: state.fault(Fault(operation=Operation.GET, then=page)))
    error = await failed(client, customer_id, writes=False)
    assert (type(error), error.http_status) == (Unavailable, 503)
    assert len(error.description) < 1024
