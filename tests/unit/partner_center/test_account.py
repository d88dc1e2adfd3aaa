"""Who has signed in, as an ID token names the account."""

import json
from base64 import urlsafe_b64encode

import pytest
from pydantic import SecretStr

from qualification.partner_center.account import account_in

CLAIMS = {"preferred_username": "svc@partner.example", "name": "Service", "tid": "t", "oid": "o"}


def token(payload: object) -> SecretStr:
    """As the sign-in gives it."""
    encoded = urlsafe_b64encode(json.dumps(payload).encode()).rstrip(b"=").decode()
    return SecretStr(f"head.{encoded}.signature")


def test_an_account_is_named_as_the_directory_does() -> None:
    """By its name, and by what a person types."""
    account = account_in(token(CLAIMS))
    assert (str(account), account.tenant_id) == ("Service (svc@partner.example)", "t")


@pytest.mark.parametrize(("missing", "named"), [("name", "svc@partner.example"), ("preferred_username", "Service")])
def test_what_a_token_leaves_out_is_left_out(missing: str, named: str) -> None:
    """Each claim is optional."""
    assert str(account_in(token({name: value for name, value in CLAIMS.items() if name != missing}))) == named


@pytest.mark.parametrize(
    "id_token",
    [None, SecretStr("x"), SecretStr("a.b.c"), SecretStr("a.!.c"), token([]), token({"name": 7}), token({})],
)
def test_without_a_readable_token_nobody_is_named(id_token: SecretStr | None) -> None:
    """It is asked all the same, and nothing of the token is shown."""
    assert str(account_in(id_token)) == "an account without a name"


def test_a_name_writes_nothing_but_itself() -> None:
    """A terminal would obey control characters."""
    assert str(account_in(token({"name": "\x1b[2JService\r\n"}))) == "[2JService"
