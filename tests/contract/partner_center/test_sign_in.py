"""The sign-in: what it is asked, and what comes of its refusals."""

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from pydantic import SecretStr

from qualification.domain.call_errors import AccessLost, Unavailable, Unsent
from qualification.partner_center.client import PartnerCenterClient
from qualification.partner_center.sign_in import SignIn
from sandbox.partner_center import PartnerCenterThread
from sandbox.partner_center.fault import Act, Fault
from sandbox.partner_center.reply import Reply, ReplyName
from sandbox.partner_center.token import RefreshFailure
from sandbox.partner_center.vocabulary import Operation
from tests.contract.partner_center.requests import EDUCATION
from tests.contract.partner_center.wire_server import WireServer


def count(partner_center: PartnerCenterThread, operation: Operation) -> int:
    """How many calls of this kind have arrived."""
    return partner_center.run(lambda state: state.books.count[operation])


@pytest.mark.parametrize("failure", RefreshFailure)
async def test_a_dead_refresh_token_needs_a_person(
    client: PartnerCenterClient,
    partner_center: PartnerCenterThread,
    customer_id: UUID,
    failure: RefreshFailure,
) -> None:
    """Entra's own code is kept, every customer is affected, and nothing has been sent to Partner Center."""
    partner_center.run(lambda state: state.sign_in.refuse_refresh(failure))
    with pytest.raises(AccessLost) as lost:
        await client.sign_in()
    with pytest.raises(Unsent):
        await client.create_qualification(customer_id, EDUCATION, ms_request_id=uuid4())
    assert lost.value.code.startswith("AADSTS")
    assert lost.value.partner_wide
    assert lost.value.correlation_id is not None
    assert "sign" in lost.value.remedy
    assert count(partner_center, Operation.POST) == 0


async def test_a_wrong_client_secret_needs_a_person(open_sign_in: Callable[..., SignIn]) -> None:
    """The remedy names the setting."""
    with pytest.raises(AccessLost) as lost:
        await open_sign_in(proof=SecretStr("wrong")).app_only()
    assert "PARTNER_CENTER_CLIENT_SECRET" in lost.value.remedy


async def test_an_assertion_can_take_the_place_of_the_client_secret(
    open_sign_in: Callable[..., SignIn], partner_center: PartnerCenterThread
) -> None:
    """It is asked for at each sign-in, because it expires; one that is refused needs a person."""
    asked: list[str] = []

    async def assertion() -> SecretStr:
        asked.append("header.payload.signature")
        return SecretStr(asked[-1])

    sign_in = open_sign_in(proof=assertion)
    assert (await sign_in.app_only()).refresh_token is None
    assert (await sign_in.app_and_user(SecretStr(partner_center.refresh_token))).refresh_token
    partner_center.run(lambda state: setattr(state.settings, "accept_assertions", False))
    with pytest.raises(AccessLost):
        await sign_in.app_only()
    assert len(asked) == 3


async def test_a_sign_in_that_does_not_answer_leaves_no_outcome_unknown(
    client: PartnerCenterClient, partner_center: PartnerCenterThread, customer_id: UUID
) -> None:
    """The write itself has not been sent yet."""
    partner_center.run(lambda state: state.fault(Fault(operation=Operation.TOKEN, then=Act.RESET)))
    with pytest.raises(Unavailable) as unavailable:
        await client.create_qualification(customer_id, EDUCATION, ms_request_id=uuid4())
    assert unavailable.value.code == "sign-in-unreachable"
    assert count(partner_center, Operation.POST) == 0


@pytest.mark.parametrize("text", ["", "<html>", "[]", '{"access_token":""}', '{"access_token":"x","expires_in":"y"}'])
async def test_a_sign_in_that_gives_no_token_is_asked_again_later(
    open_sign_in: Callable[..., SignIn], partner_center: PartnerCenterThread, text: str
) -> None:
    """A body that holds no token is not believed."""
    partner_center.run(lambda state: state.fault(Fault(operation=Operation.TOKEN, then=Reply(status=200, text=text))))
    with pytest.raises(Unavailable):
        await open_sign_in().app_only()


async def test_tokens_are_asked_for_partner_center_wherever_the_calls_go(
    open_sign_in: Callable[..., SignIn], wire_server: WireServer
) -> None:
    """The audience is a constant, also with the sandbox's URL; a number written as text is read."""
    wire_server.answers(b'{"access_token":"a","expires_in":"3599"}')
    grant = await open_sign_in(login_url=wire_server.url).app_and_user(SecretStr("r&t"))
    (request,) = wire_server.requests
    head, _, form = request.partition(b"\r\n\r\n")
    assert b"/oauth2/v2.0/token HTTP/1.1" in head
    assert b"refresh_token=r%26t" in form
    assert b"scope=offline_access+https%3A%2F%2Fapi.partnercenter.microsoft.com%2Fuser_impersonation" in form
    assert (grant.expires_in, grant.refresh_token) == (3599, None)


async def test_the_sign_ins_redirect_is_not_followed(
    open_sign_in: Callable[..., SignIn], partner_center: PartnerCenterThread
) -> None:
    """The client secret never travels elsewhere."""
    partner_center.run(lambda state: state.fault(Fault(operation=Operation.TOKEN, then=ReplyName.REDIRECT)))
    with pytest.raises(AccessLost) as lost:
        await open_sign_in().app_only()
    assert "PARTNER_CENTER_LOGIN_URL" in lost.value.remedy
    assert count(partner_center, Operation.OTHER) == 0
