"""Reading and setting qualifications."""

import json
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid4

import pytest

from qualification.domain.call_errors import Unavailable
from qualification.domain.look import CustomerQualification, Word
from qualification.domain.request import parse_request
from qualification.partner_center.client import PartnerCenterClient
from sandbox.partner_center import PartnerCenterThread
from sandbox.partner_center.books import Call
from sandbox.partner_center.customer import CustomerScript
from sandbox.partner_center.fault import Fault
from sandbox.partner_center.reply import Reply
from sandbox.partner_center.token import Caller
from sandbox.partner_center.validation_code import ValidationCode
from sandbox.partner_center.vocabulary import Operation
from sandbox.partner_center.wire_shape import EmptyShape, ListShape, PostShape, Spelling, WireShape
from tests.contract.partner_center.clock import Clock
from tests.contract.partner_center.conftest import OpenClient
from tests.contract.partner_center.requests import EDUCATION, GOVERNMENT, STATE_OWNED
from tests.contract.partner_center.wire_server import WireServer


def calls(partner_center: PartnerCenterThread, operation: Operation) -> list[Call]:
    """What the simulator's books say of an operation."""
    return partner_center.run(lambda state: state.books.calls(operation))


def script(partner_center: PartnerCenterThread, fault: Fault) -> None:
    """Let the simulator do this from now on."""
    partner_center.run(lambda state: state.fault(fault))


@pytest.mark.parametrize("post", [PostShape.CREATED, PostShape.WRAPPED])
async def test_a_posted_education_comes_back_in_review(
    client: PartnerCenterClient, partner_center: PartnerCenterThread, customer_id: UUID, post: PostShape
) -> None:
    """The answer to the POST is the first look at the vetting, whichever shape it has."""
    partner_center.run(lambda state: state.script(CustomerScript(shape=WireShape(post=post))))
    created = (await client.create_qualification(customer_id, EDUCATION, ms_request_id=uuid4())).row
    assert created is not None
    assert (created.qualification, created.vetting_status) == ("Education", "InReview")
    assert (await client.get_qualifications(customer_id)).rows == (created,)


async def test_a_state_owned_entity_has_no_vetting_status(client: PartnerCenterClient, customer_id: UUID) -> None:
    """No status is how Partner Center grants it."""
    created = await client.create_qualification(customer_id, STATE_OWNED, ms_request_id=uuid4())
    assert created.row == CustomerQualification(qualification="StateOwnedEntity")


@pytest.mark.parametrize("rows", [ListShape.ARRAY, ListShape.WRAPPED])
@pytest.mark.parametrize("empty", [EmptyShape.EMPTY, EmptyShape.NULL, EmptyShape.NONE_ROW])
async def test_an_unqualified_customer_has_no_qualifications(
    client: PartnerCenterClient,
    partner_center: PartnerCenterThread,
    customer_id: UUID,
    rows: ListShape,
    empty: EmptyShape,
) -> None:
    """An empty list, null and a None row say the same, wrapped or not."""
    partner_center.run(lambda state: state.script(CustomerScript(shape=WireShape(rows=rows, empty=empty))))
    assert (await client.get_qualifications(customer_id)).rows == ()


async def test_each_call_says_who_asks_what_and_under_which_ids(
    client: PartnerCenterClient, partner_center: PartnerCenterThread, customer_id: UUID
) -> None:
    """Reads go App-only with a fresh MS-RequestId, writes App+User with the given one; MS-CorrelationId is new each time."""
    given = uuid4()
    await client.get_qualifications(customer_id)
    await client.create_qualification(customer_id, EDUCATION, ms_request_id=given)
    await client.get_qualifications(customer_id)
    (post,) = calls(partner_center, Operation.POST)
    gets = calls(partner_center, Operation.GET)
    assert [get.caller for get in gets] == [Caller.APP_ONLY] * 2
    assert post.caller is Caller.APP_USER
    assert post.request_id == str(given)
    assert len({UUID(call.request_id) for call in (*gets, post)}) == 3
    assert len({UUID(call.correlation_id) for call in (*gets, post)}) == 3
    assert json.loads(post.body) == {"qualification": "Education", "educationSegment": "K12", "website": "contoso.edu"}


async def test_the_headers_ask_for_json_and_nothing_packed(
    open_client: OpenClient, wire_server: WireServer, customer_id: UUID
) -> None:
    """Answers are small, and an unpacked one cannot swell."""
    wire_server.answers(b"[]")
    await open_client(wire_server.url).get_qualifications(customer_id)
    (request,) = wire_server.requests
    head = request.lower()
    assert head.startswith(f"get /v1/customers/{customer_id}/qualifications http/1.1\r\n".encode())
    assert b"\r\naccept: application/json\r\n" in head
    assert b"\r\naccept-encoding: identity\r\n" in head
    assert b"\r\ncookie:" not in head


async def test_a_put_travels_as_an_integer_with_the_code_in_the_query(
    open_client: OpenClient, wire_server: WireServer, customer_id: UUID
) -> None:
    """Every sign that a code may have arrives as itself."""
    wire_server.answers(b'"governmentcommunitycloud"')
    request = parse_request({"qualification": "GovernmentCommunityCloud", "validationCode": "a+b&c=d%2F/?#"})
    await open_client(wire_server.url).update_qualification(customer_id, request, ms_request_id=uuid4())
    (sent,) = wire_server.requests
    method, target, _ = sent.decode().split(" ", 2)
    address = urlsplit(target)
    assert (method, address.path) == ("PUT", f"/v1/customers/{customer_id}/qualification")
    assert parse_qs(address.query, strict_parsing=True) == {"code": ["a+b&c=d%2F/?#"]}
    assert sent.endswith(b"\r\n\r\n3")


@pytest.mark.parametrize("spelling", Spelling)
async def test_the_synchronous_answer_is_read_in_every_spelling(
    client: PartnerCenterClient, partner_center: PartnerCenterThread, customer_id: UUID, spelling: Spelling
) -> None:
    """The page and three SDKs each spell it another way."""
    partner_center.run(lambda state: state.script(CustomerScript(shape=WireShape(spelling=spelling))))
    accepted = await client.update_qualification(customer_id, GOVERNMENT, ms_request_id=uuid4())
    assert accepted.row is not None
    assert (accepted.row.qualification, accepted.row.word) == ("GovernmentCommunityCloud", Word.APPROVED)


async def test_only_validation_codes_with_creates_left_are_given(
    client: PartnerCenterClient, partner_center: PartnerCenterThread
) -> None:
    """A used-up code is passed over; one without a number has no limit."""
    used_up = ValidationCode(validation_id="111111", max_creates=1, remaining_creates=0)
    unlimited = ValidationCode(validation_id="222222")
    partner_center.run(lambda state: state.set_codes([used_up, unlimited]))
    assert [code.get_secret_value() for code in await client.validation_codes()] == ["222222"]
    assert [code.has_creates_left for code in await client.get_validation_codes()] == [False, True]
    partner_center.run(lambda state: state.set_codes([used_up]))
    assert await client.validation_codes() == []


async def test_an_answer_tells_when_it_was_given(
    open_client: OpenClient, wire_server: WireServer, clock: Clock, customer_id: UUID
) -> None:
    """By Partner Center's clock where it tells the time, else by our own; reads, writes and errors alike."""
    client = open_client(wire_server.url)
    wire_server.answers(b"[]", headers="Date: Fri, 20 Nov 2026 12:00:00 GMT\r\n")
    noon = datetime(2026, 11, 20, 12, tzinfo=UTC)
    assert (await client.get_qualifications(customer_id)).at == noon
    assert (await client.create_qualification(customer_id, EDUCATION, ms_request_id=uuid4())).at == noon
    wire_server.answers(b"", status="503 Down", headers="Date: Fri, 20 Nov 2026 12:00:00 GMT\r\nRetry-After: 90\r\n")
    with pytest.raises(Unavailable) as down:
        await client.get_qualifications(customer_id)
    assert (down.value.at, down.value.retry_at) == (noon, noon + timedelta(seconds=90))
    wire_server.answers(b"[]")
    assert (await client.get_qualifications(customer_id)).at == clock.now


async def test_signing_in_ahead_of_a_write_asks_for_a_token_and_nothing_else(
    client: PartnerCenterClient, partner_center: PartnerCenterThread, customer_id: UUID
) -> None:
    """The write that follows has its token already."""
    await client.sign_in()
    assert partner_center.run(lambda state: dict(state.books.count)) == {Operation.TOKEN: 1}
    await client.create_qualification(customer_id, EDUCATION, ms_request_id=uuid4())
    assert partner_center.run(lambda state: state.books.count[Operation.TOKEN]) == 1


@pytest.mark.parametrize("enforced", [False, True])
@pytest.mark.parametrize("has_mfa", [False, True])
async def test_the_mfa_check_tells_whether_writes_would_pass(
    client: PartnerCenterClient, partner_center: PartnerCenterThread, *, has_mfa: bool, enforced: bool
) -> None:
    """`isMfaCompliant` says so before MFA is enforced, code 900421 after."""
    partner_center.run(lambda state: setattr(state.settings, "user_has_mfa", has_mfa))
    partner_center.run(lambda state: setattr(state.settings, "mfa_enforced", enforced))
    assert await client.validate_mfa() is has_mfa


async def test_an_mfa_check_without_an_answer_is_no_yes(open_client: OpenClient, wire_server: WireServer) -> None:
    """Nothing is concluded from a missing header."""
    wire_server.answers(b"[]")
    with pytest.raises(Unavailable):
        await open_client(wire_server.url).validate_mfa()


@pytest.mark.parametrize("text", ["<html></html>", "[7]", '{"odd":1}', " " * (1024 * 1024 + 1) + "[]"])
async def test_a_success_with_an_undocumented_body_is_accepted_and_shows_nothing(
    client: PartnerCenterClient, partner_center: PartnerCenterThread, customer_id: UUID, text: str
) -> None:
    """A read is asked again; a write was taken all the same. Nothing longer than a megabyte is read."""
    partner_center.run(lambda state: state.fault(Fault(then=Reply(status=200, text=text), operation=Operation.GET)))
    partner_center.run(lambda state: state.fault(Fault(then=Reply(status=201, text=text), operation=Operation.POST)))
    with pytest.raises(Unavailable) as read:
        await client.get_qualifications(customer_id)
    assert (read.value.code, read.value.http_status) == ("unreadable", 200)
    assert (await client.create_qualification(customer_id, EDUCATION, ms_request_id=uuid4())).row is None


@pytest.mark.parametrize("status", [200, 202, 204])
async def test_a_success_without_a_body_is_no_qualification_to_a_read_and_taken_to_a_write(
    client: PartnerCenterClient, partner_center: PartnerCenterThread, customer_id: UUID, status: int
) -> None:
    """Nobody has excluded 204 or an empty 202."""
    for operation in (Operation.GET, Operation.POST):
        script(partner_center, Fault(then=Reply(status=status), operation=operation))
    assert (await client.get_qualifications(customer_id)).rows == ()
    assert (await client.create_qualification(customer_id, EDUCATION, ms_request_id=uuid4())).row is None


async def test_only_a_uuid_is_put_into_an_address(client: PartnerCenterClient) -> None:
    """So that no data can lead a call elsewhere."""
    with pytest.raises(TypeError):
        await client.get_qualifications("../../x")  # type: ignore[arg-type]  # the very mistake
