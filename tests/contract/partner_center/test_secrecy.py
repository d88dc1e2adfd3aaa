"""No token, secret or validation code ever reaches a log or an error."""

import logging
import traceback
from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from pydantic import SecretStr

from qualification.domain.call_errors import PartnerCenterError
from qualification.domain.request import parse_request
from qualification.partner_center.client import PartnerCenterClient
from qualification.partner_center.sign_in import SignIn
from qualification.partner_center.token_store import FileTokenStore
from qualification.partner_center.tokens import Tokens
from sandbox.partner_center import PartnerCenterThread
from sandbox.partner_center.fault import Act, Fault
from sandbox.partner_center.reply import Reply, ReplyName
from sandbox.partner_center.vocabulary import Operation
from tests.contract.partner_center.conftest import OpenClient

CODE = "S3CRET/C0DE+1"
IMPATIENCE = timedelta(seconds=0.3)
GOVERNMENT = parse_request({"qualification": "GovernmentCommunityCloud", "validationCode": CODE})


def told(error: BaseException) -> str:
    """Everything that a log or a tracker could show of an error and of those behind it."""
    chain: list[BaseException] = []
    link: BaseException | None = error
    while link is not None:
        chain.append(link)
        link = link.__cause__ or link.__context__
    texts = [f"{link!r} {link} {vars(link)}" for link in chain]
    return " ".join([*texts, *traceback.format_exception(error)])


@pytest.fixture
def secrets(partner_center: PartnerCenterThread) -> list[str]:
    """What must not be seen: known at the start, and added to as tokens are issued."""
    return [CODE, "S3CRET%2FC0DE%2B1", partner_center.client_secret, partner_center.refresh_token]


@pytest.mark.parametrize(
    "then",
    [
        Act.RESET,
        Act.HANG,
        ReplyName.REDIRECT,
        ReplyName.MFA_REQUIRED,
        ReplyName.THROTTLED,
        ReplyName.BAD_GATEWAY,
        Reply(status=400, document={"code": CODE, "description": f"The code {CODE} is used up."}),
        Reply(status=400, document=f"Who gave you {CODE}?"),
        Reply(status=201, document={"qualification": CODE, "validationCode": CODE}),
        Reply(status=200, text=f"<html>{CODE}</html>"),
    ],
    ids=str,
)
@pytest.mark.parametrize("operation", [Operation.POST, Operation.PUT])
async def test_a_write_that_goes_wrong_gives_nothing_away(
    open_client: OpenClient,
    partner_center: PartnerCenterThread,
    tokens: Tokens,
    secrets: list[str],
    caplog: pytest.LogCaptureFixture,
    operation: Operation,
    then: Act | ReplyName | Reply,
) -> None:
    """Neither in the outcome, be it an error, nor in those behind it, nor in any library's log at any level."""
    caplog.set_level(logging.DEBUG)
    client = open_client(timeout=IMPATIENCE)
    token = await tokens.app_and_user()
    partner_center.run(lambda state: state.fault(Fault(operation=operation, then=then)))
    send = client.create_qualification if operation is Operation.POST else client.update_qualification
    try:
        outcome = repr(await send(uuid4(), GOVERNMENT, ms_request_id=uuid4()))
    except PartnerCenterError as error:
        outcome = told(error)
    seen = f"{outcome} {caplog.text} {[vars(record) for record in caplog.records]}"
    for secret in (*secrets, token.value.get_secret_value()):
        assert secret not in seen


@pytest.mark.parametrize(
    "then", [Act.RESET, ReplyName.REDIRECT, ReplyName.BAD_GATEWAY, "repeats", "repeats in a success"]
)
async def test_a_failed_sign_in_gives_nothing_away(
    open_sign_in: Callable[..., SignIn],
    partner_center: PartnerCenterThread,
    secrets: list[str],
    caplog: pytest.LogCaptureFixture,
    then: Act | ReplyName | str,
) -> None:
    """Not even where the answer repeats what was sent."""
    caplog.set_level(logging.DEBUG)
    document = {"error": "invalid_grant", "error_description": " ".join(secrets), "expires_in": " ".join(secrets)}
    scripted = {
        "repeats": Reply(status=400, document=document),
        "repeats in a success": Reply(status=200, document=document),
    }
    fault = Fault(operation=Operation.TOKEN, then=scripted.get(then, then))
    partner_center.run(lambda state: state.fault(fault))
    with pytest.raises(PartnerCenterError) as failed:
        await open_sign_in().app_and_user(SecretStr(partner_center.refresh_token))
    seen = f"{told(failed.value)} {caplog.text}"
    for secret in (partner_center.client_secret, partner_center.refresh_token):
        assert secret not in seen


async def test_a_day_of_ordinary_work_gives_nothing_away(
    client: PartnerCenterClient,
    tokens: Tokens,
    store: FileTokenStore,
    secrets: list[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Everything that succeeds, logged at every level."""
    caplog.set_level(logging.DEBUG)
    customer_id: UUID = uuid4()
    known = parse_request({"qualification": "GovernmentCommunityCloud", "validationCode": "123456"})
    work: list[Awaitable[object]] = [
        client.get_qualifications(customer_id),
        client.create_qualification(customer_id, known, ms_request_id=uuid4()),
        client.update_qualification(uuid4(), known, ms_request_id=uuid4()),
        tokens.renew_refresh_token(),
        client.validate_mfa(),
    ]
    for step in work:
        await step
    issued = [await tokens.app_only(), await tokens.app_and_user()]
    hidden = [token.value.get_secret_value() for token in issued]
    hidden.append((await store.read()).value.get_secret_value())
    codes = await client.get_validation_codes()
    seen = f"{caplog.text} {[vars(record) for record in caplog.records]} {codes} {issued}"
    for secret in (*secrets, *hidden, "123456"):
        assert secret not in seen
