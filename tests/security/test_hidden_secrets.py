"""Whoever prints, logs or raises a thing that holds a secret, shows no secret."""

import asyncio
import os
import stat
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from qualification.bootstrap import bootstrap
from qualification.domain.errors import ConfigurationError, InvalidRequest
from qualification.domain.guid import parse_guid
from qualification.domain.request import parse_request
from qualification.partner_center.sign_in import Grant
from qualification.partner_center.token_store import FileTokenStore
from qualification.partner_center.tokens import AccessToken
from qualification.settings.app_settings import Settings
from qualification.settings.environment import load
from qualification.use_cases.order import Order
from qualification.use_cases.ports import RefreshToken
from qualification.webhooks.registry import SOURCES
from qualification.webhooks.source import Delivery, Notice
from tests.security.app import SECRET_SETTINGS, App

SECRET = "S3CRET-0042-abcdefghijklmnop"
NOW = datetime(2026, 11, 21, 10, tzinfo=UTC)
GOVERNMENT = parse_request({"qualification": "GovernmentCommunityCloud", "validationCode": SECRET})
CUSTOMER = parse_guid("2a14b164-f983-4048-92e1-4f9591b87445")
HOLDERS: list[Any] = [
    GOVERNMENT,
    Order(customer_tenant_id=CUSTOMER, request=GOVERNMENT, source="api", event_id=None, joins=False),
    Grant(access_token=SecretStr(SECRET), expires_in=1, refresh_token=SecretStr(SECRET)),
    SecretStr(SECRET),
    AccessToken(SecretStr(SECRET), NOW),
    RefreshToken(SecretStr(SECRET), NOW),
    Delivery(f"https://h/?code={SECRET}", {"x-webhook-secret": SECRET}, SECRET.encode(), NOW),
    Notice("event", {"validationCode": SECRET}),
]


@pytest.mark.parametrize("holder", HOLDERS, ids=lambda holder: type(holder).__name__)
def test_the_text_of_a_holder_shows_no_secret(holder: Any) -> None:
    """Neither `str` nor `repr`, nor the JSON of a model."""
    shown = f"{holder!s} {holder!r} {[holder]} {getattr(holder, 'model_dump_json', str)()}"
    assert SECRET not in shown


def test_the_text_of_settings_shows_no_secret(app: App) -> None:
    """All of them at once."""
    holders = [Settings.load(app.settings), *(load(source.settings, app.settings) for source in SOURCES.values())]
    shown = f"{[(str(each), each, each.model_dump(), each.model_dump_json()) for each in holders]} {app.service!r}"
    assert not [secret for secret in app.secrets if secret in shown]
    assert app.settings["ServiceBusConnection"] not in shown


@pytest.mark.parametrize(
    "name", [*SECRET_SETTINGS, "ServiceBusConnection", "RecordStorage", "PARTNER_CENTER_REFRESH_TOKEN"]
)
def test_a_refused_setting_is_not_repeated(app: App, name: str) -> None:
    """Not in the message, not in the faults, not in the traceback with all that led to it."""
    wrong = f"\u00e4 {SECRET}"
    try:
        closed = bootstrap(app.settings | {name: wrong}).closed
    except ConfigurationError as error:
        shown = f"{error!r} {error.faults} {''.join(traceback.format_exception(error))}"
        assert SECRET not in shown
        assert name in shown
    else:
        faults = [faults[name] for faults in closed.values()]
        assert len(faults) == (name != "PARTNER_CENTER_CLIENT_SECRET"), "any text may be such a secret"
        assert SECRET not in f"{closed}"


@pytest.mark.parametrize("field", ["validationCode", "qualification", "mode", "website"])
def test_a_refused_value_is_not_repeated(field: str) -> None:
    """A secret may have been put in the wrong place."""
    content = {
        "qualification": "GovernmentCommunityCloud",
        "validationCode": f"{SECRET} \u00e4",
        field: f"{SECRET} \u00e4",
    }
    with pytest.raises(InvalidRequest) as refused:
        parse_request(content)
    shown = f"{refused.value!r} {refused.value.faults} {''.join(traceback.format_exception(refused.value))}"
    assert SECRET not in shown


@pytest.mark.skipif(os.name != "posix", reason="other systems keep permissions in another way")
@pytest.mark.parametrize("before", [None, 0o644, 0o666])
def test_the_file_of_the_refresh_token_is_its_owners_alone(tmp_path: Path, before: int | None) -> None:
    """After the first rotation, whatever it was before; and nothing else is left in its folder."""
    path = tmp_path / "refresh-token"
    if before is not None:
        path.write_text("old")
        path.chmod(before)
    old = os.umask(0)
    try:
        asyncio.run(FileTokenStore(path).write(SecretStr(SECRET)))
    finally:
        os.umask(old)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["refresh-token"]
