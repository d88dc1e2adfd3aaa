"""A 429 names the moment to go on, by Partner Center's clock; holding everybody back is the hold's, not the client's."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from qualification.domain.call_errors import Throttled, Unsent
from qualification.partner_center.client import PartnerCenterClient
from sandbox.partner_center import PartnerCenterThread
from sandbox.partner_center.fault import Fault
from sandbox.partner_center.reply import ReplyName
from sandbox.partner_center.vocabulary import Operation
from tests.contract.partner_center.clock import Clock
from tests.contract.partner_center.conftest import OpenClient
from tests.contract.partner_center.requests import EDUCATION
from tests.contract.partner_center.wire_server import WireServer

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def throttle(partner_center: PartnerCenterThread, operation: Operation) -> None:
    """Answer the next call 429."""
    fault = Fault(operation=operation, then=ReplyName.THROTTLED, retry_after=30, times=1)
    partner_center.run(lambda state: state.fault(fault))


@pytest.mark.parametrize("named", ["7200", "Fri, 20 Nov 2026 14:00:00 GMT"])
async def test_the_moment_is_measured_from_partner_centers_own_time(
    open_client: OpenClient, wire_server: WireServer, clock: Clock, customer_id: UUID, named: str
) -> None:
    """However far this machine's clock is off, in seconds or as a date, and longer than an hour."""
    clock.advance(86400 * 400)
    wire_server.answers(
        b"", status="429 Slow", headers=f"Date: Fri, 20 Nov 2026 12:00:00 GMT\r\nRetry-After: {named}\r\n"
    )
    client = open_client(wire_server.url)
    with pytest.raises(Throttled) as read:
        await client.get_qualifications(customer_id)
    with pytest.raises(Throttled) as write:
        await client.create_qualification(customer_id, EDUCATION, ms_request_id=uuid4())
    for error in (read.value, write.value):
        assert (error.retry_at, error.at, error.http_status) == (NOON + timedelta(hours=2), NOON, 429)


async def test_a_throttled_sign_in_is_told_as_such_to_whoever_signs_in_and_a_write_has_not_been_sent(
    client: PartnerCenterClient, partner_center: PartnerCenterThread, customer_id: UUID
) -> None:
    """Nothing has gone to Partner Center, so nothing is in doubt."""
    throttle(partner_center, Operation.TOKEN)
    with pytest.raises(Throttled):
        await client.sign_in()
    throttle(partner_center, Operation.TOKEN)
    with pytest.raises(Unsent) as unsent:
        await client.create_qualification(customer_id, EDUCATION, ms_request_id=uuid4())
    assert unsent.value.retry_at is not None
    assert partner_center.run(lambda state: state.books.calls(Operation.POST)) == []
