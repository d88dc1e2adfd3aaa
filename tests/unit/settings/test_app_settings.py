from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from qualification.domain.errors import ConfigurationError
from qualification.partner_center.token_store import KeyVaultTokenStore
from qualification.settings.app_settings import PartnerCenterSettings, Settings
from qualification.settings.connections import Identity
from qualification.settings.credential import AzureCredential
from qualification.settings.environment import load as load_model
from tests.unit.settings.loaded import BUS, DURATIONS, PARTNER, REQUIRED, STORAGE, VAULT, faults, load

NAMES = [
    *REQUIRED,
    *DURATIONS,
    *("PARTNER_CENTER_URL", "PARTNER_CENTER_TIMEOUT", "PARTNER_CENTER_MAX_CONCURRENCY", "REVIEW_GROWTH"),
    *("PARTNER_CENTER_FEDERATED_IDENTITY", "ServiceBusConnection__fullyQualifiedNamespace"),
]


def test_six_settings_are_enough() -> None:
    """Everything else has a default that works."""
    settings = load()
    partner_center = settings.partner_center
    assert (settings.service_bus, settings.record_storage) == (SecretStr(BUS), SecretStr(STORAGE))
    assert (settings.queue, settings.topic) == ("qualification-requests", "qualification-events")
    assert partner_center.tenant_id == UUID(PARTNER)
    assert partner_center.url == "https://api.partnercenter.microsoft.com"
    assert partner_center.login_url == "https://login.microsoftonline.com"
    assert (partner_center.client_secret, partner_center.federated_identity) == (SecretStr("s3cr3t"), False)
    assert (partner_center.refresh_token, partner_center.identity) == (VAULT, Identity(managed=False))
    assert (partner_center.max_concurrency, partner_center.timeout) == (8, timedelta(seconds=30))


def test_all_that_is_missing_is_named_at_once() -> None:
    """By name."""
    with pytest.raises(ConfigurationError) as refused:
        Settings.load({})
    assert refused.value.faults.keys() == REQUIRED.keys()
    assert all("is missing" in fault for fault in refused.value.faults.values())
    assert all(name in str(refused.value) for name in REQUIRED)


def test_contradictions_are_told_beside_all_else() -> None:
    """Whoever mends what is missing is not shown the next fault only then."""
    wrong = {
        "PARTNER_CENTER_TENANT_ID": "",
        "PARTNER_CENTER_FEDERATED_IDENTITY": "true",
        "ServiceBusConnection__fullyQualifiedNamespace": "contoso.servicebus.windows.net",
        "REVIEW_FIRST": "P1D",
        "RETRY_MAX": "PT1S",
    }
    contradicted = {"PARTNER_CENTER_CLIENT_SECRET", "ServiceBusConnection", "REVIEW_MAX", "RETRY_MAX"}
    assert faults(**wrong).keys() == {"PARTNER_CENTER_TENANT_ID", *contradicted}


def test_links_begin_with_the_service_url_or_the_platforms_host_name() -> None:
    """A malformed one is a fault, though the platform's would do."""
    host = {"WEBSITE_HOSTNAME": "contoso.azurewebsites.net"}
    assert load().service_url == ""
    assert load(**host).service_url == "https://contoso.azurewebsites.net"
    assert load(**host, SERVICE_URL="https://gateway.example/").service_url == "https://gateway.example"
    assert faults(**host, SERVICE_URL="gateway.example").keys() == {"SERVICE_URL"}


@pytest.mark.parametrize("name", REQUIRED)
def test_an_empty_setting_is_a_missing_one(name: str) -> None:
    """It is how a template leaves a setting out."""
    assert faults(**{name: "  "}).keys() == {name}


def test_growth_is_a_small_number_above_zero() -> None:
    """A vetting that is never looked at less often would cost nine hundred looks."""
    assert load(REVIEW_GROWTH="0.2").policy.review_growth == 0.2
    for value in ("0", "-1", "nan", "inf", "fast", "1e9"):
        assert faults(REVIEW_GROWTH=value) == {"REVIEW_GROWTH": "must be a number above 0, at most 100"}


def test_concurrency_is_a_whole_number() -> None:
    """At least one call at a time."""
    assert load(PARTNER_CENTER_MAX_CONCURRENCY="3").partner_center.max_concurrency == 3
    for value in ("0", "-1", "1.5", "many", "9" * 5000):
        assert faults(PARTNER_CENTER_MAX_CONCURRENCY=value).keys() == {"PARTNER_CENTER_MAX_CONCURRENCY"}


@pytest.mark.parametrize("name", ["PARTNER_CENTER_URL", "PARTNER_CENTER_LOGIN_URL"])
def test_a_url_is_https_and_a_host(name: str) -> None:
    """Plain HTTP on this machine only, where the simulator is."""
    field = "url" if name == "PARTNER_CENTER_URL" else "login_url"
    for value in ("https://example.org", "https://example.org:8443", "http://127.0.0.1:8080", "http://localhost"):
        assert getattr(load(**{name: value}).partner_center, field) == value
        assert getattr(load(**{name: f"{value}/"}).partner_center, field) == value
    bad = ["http://example.org", "example.org", "https://", "https://u:p@example.org", "https://example.org/path"]
    for value in [*bad, "https://example.org?q", "https://example.org#f", "https://[", "https://example.org:port"]:
        assert faults(**{name: value}).keys() == {name}, value


def test_a_partner_tenant_is_a_guid() -> None:
    """Its domain name would do for a sign-in, but not for an event's subject."""
    assert faults(PARTNER_CENTER_TENANT_ID="contoso.onmicrosoft.com") == {"PARTNER_CENTER_TENANT_ID": "must be a GUID"}


def test_a_refresh_token_is_in_a_vault_or_a_file() -> None:
    """What is taken here, its store takes, too."""
    assert load(PARTNER_CENTER_REFRESH_TOKEN="file:///var/token").partner_center.refresh_token == "file:///var/token"
    KeyVaultTokenStore(load().partner_center.refresh_token, AzureCredential(Identity(managed=False)))
    bad = [f"{VAULT}/", f"{VAULT}/0123", f"{VAULT}?a=b", "https://u@vault/secrets/x", "https://:443/secrets/x"]
    for value in [*bad, f"https://vault/secrets/{'x' * 128}", "http://vault/secrets/x", "file://token", "0.AXoA-token"]:
        assert faults(PARTNER_CENTER_REFRESH_TOKEN=value).keys() == {"PARTNER_CENTER_REFRESH_TOKEN"}, value


def test_the_app_proves_itself_in_one_way() -> None:
    """With a secret, or with its managed identity: no secret at all."""
    federated = {"PARTNER_CENTER_CLIENT_SECRET": "", "PARTNER_CENTER_FEDERATED_IDENTITY": "True"}
    partner_center = load(**federated).partner_center
    assert (partner_center.client_secret, partner_center.federated_identity) == (None, True)
    assert faults(PARTNER_CENTER_FEDERATED_IDENTITY="true").keys() == {"PARTNER_CENTER_CLIENT_SECRET"}
    assert faults(PARTNER_CENTER_FEDERATED_IDENTITY="yes").keys() == {"PARTNER_CENTER_FEDERATED_IDENTITY"}
    assert load(PARTNER_CENTER_FEDERATED_IDENTITY="false").partner_center.client_secret == SecretStr("s3cr3t")


def test_the_interactive_sign_in_needs_its_own_settings_only() -> None:
    """Whoever signs in has no bus and no store at hand."""
    mine = {name: value for name, value in REQUIRED.items() if name.startswith("PARTNER_CENTER")}
    assert load_model(PartnerCenterSettings, mine) == load().partner_center
    with pytest.raises(ConfigurationError) as refused:
        load_model(PartnerCenterSettings, {})
    assert refused.value.faults.keys() == mine.keys()


@given(st.sampled_from(NAMES), st.text(st.characters(categories=["L", "N", "P"]), min_size=6))
def test_a_fault_never_shows_a_value(name: str, value: str) -> None:
    """It may be a secret under the wrong name, and the message is logged and answered by GET /api/health."""
    try:
        load(**{name: f"~{value}~"})
    except ConfigurationError as error:
        shown = str(error)
    else:
        shown = ""
    assert f"~{value}~" not in shown


@given(st.dictionaries(st.sampled_from(NAMES), st.text()))
def test_any_settings_are_taken_or_refused_by_name(environment: dict[str, str]) -> None:
    """Whatever somebody types into the portal, nothing else is raised."""
    try:
        Settings.load(REQUIRED | environment)
    except ConfigurationError as error:
        named = set(error.faults)
    else:
        named = set()
    assert named <= set(NAMES) | {"REVIEW_MAX", "RETRY_MAX"}


def test_function_keys_may_be_named() -> None:
    """By their fingerprints, in either case."""
    assert load().api_key_names == {}
    assert load(API_KEY_NAMES='{"0BADCAFE": "Anna"}').api_key_names == {"0badcafe": "Anna"}


@pytest.mark.parametrize(
    "value",
    [
        *("Anna", "[]", '{"0badcaf": "Anna"}', '{"the whole key": "Anna"}', '{"0badcafe": ""}', '{"0badcafe": 1}'),
        *('{"0badcafe": "two\\nlines"}', "[" * 100_000),
    ],
)
def test_a_name_of_anything_else_is_refused(value: str) -> None:
    """And is not shown: somebody may have set a key in place of its fingerprint."""
    [(name, words)] = faults(API_KEY_NAMES=value).items()
    assert name == "API_KEY_NAMES"
    assert "the whole key" not in words
