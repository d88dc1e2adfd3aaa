from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr, TypeAdapter

from qualification.domain.errors import ConfigurationError
from qualification.domain.timing import Policy
from qualification.partner_center.token_store import KeyVaultTokenStore
from qualification.settings.app_settings import PartnerCenterSettings, Settings
from qualification.settings.connections import Identity
from qualification.settings.credential import AzureCredential
from qualification.settings.environment import load as load_model
from qualification.settings.formats import duration

PARTNER = "d2f7ea3c-3e0f-4a3b-8c0b-6f0f3e1f6a11"
VAULT = "https://contoso.vault.azure.net/secrets/refresh-token"
BUS = "Endpoint=sb://contoso.servicebus.windows.net/;SharedAccessKeyName=app;SharedAccessKey=c2VjcmV0"
STORAGE = "DefaultEndpointsProtocol=https;AccountName=contoso;AccountKey=c2VjcmV0;EndpointSuffix=core.windows.net"
REQUIRED = {
    "ServiceBusConnection": BUS,
    "RecordStorage": STORAGE,
    "PARTNER_CENTER_TENANT_ID": PARTNER,
    "PARTNER_CENTER_CLIENT_ID": "2b0ec684-0c6a-46df-84db-cca99577bfbb",
    "PARTNER_CENTER_CLIENT_SECRET": "s3cr3t",
    "PARTNER_CENTER_REFRESH_TOKEN": VAULT,
}
BY_IDENTITY = {
    "ServiceBusConnection": ("fullyQualifiedNamespace", "contoso.servicebus.windows.net"),
    "RecordStorage": ("tableServiceUri", "https://contoso.table.core.windows.net"),
}
DURATIONS = [
    *("REVIEW_FIRST", "REVIEW_MAX", "REVIEW_OVERDUE", "REVIEW_APPROVED"),
    *("RETRY_FIRST", "RETRY_MAX", "RESEND_AFTER", "CLOCK_AHEAD", "REVIEW_ENDED"),
]
NO_ISO = ["P", "PT", "P1DT", "P1H", "PT1D", "P1M", "P1Y", "1D", "p1d", "P\u0661D", f"P{'9' * 400}D"]
"""A month is now longer, now shorter."""
NAMES = [
    *REQUIRED,
    *DURATIONS,
    *("PARTNER_CENTER_URL", "PARTNER_CENTER_TIMEOUT", "PARTNER_CENTER_MAX_CONCURRENCY", "REVIEW_GROWTH"),
    *("PARTNER_CENTER_FEDERATED_IDENTITY", "ServiceBusConnection__fullyQualifiedNamespace"),
]


def load(**changes: str) -> Settings:
    """The settings of a service that lacks nothing, with some changed."""
    return Settings.load(REQUIRED | changes)


def faults(**changes: str) -> dict[str, str]:
    """What is wrong with them."""
    with pytest.raises(ConfigurationError) as refused:
        load(**changes)
    return refused.value.faults


@pytest.mark.parametrize(
    ("changes", "most"),
    [
        ({"WRITE_TIMEOUT": "PT4M"}, {"WRITE_TIMEOUT": "at most 195 s, or PARTNER_CENTER_TIMEOUT at most 7 s"}),
        ({"WRITE_TIMEOUT": "PT5M"}, {"WRITE_TIMEOUT": "at most 195 s: two writes"}),
        ({"TIMEOUT": "PT1M"}, {"WRITE_TIMEOUT": "at most 135 s, or PARTNER_CENTER_TIMEOUT at most 37 s"}),
        (
            {"TIMEOUT": "PT73S", "WRITE_TIMEOUT": "PT10S"},
            {"TIMEOUT": "at most 72 s: the timer takes on work for 180 s"},
        ),
        ({"TIMEOUT": "PT8H", "WRITE_TIMEOUT": "PT2H"}, {"TIMEOUT": "at most 72 s", "WRITE_TIMEOUT": "at most 195 s"}),
        ({"TIMEOUT": "30000"}, {"TIMEOUT": "at most 72 s"}),
    ],
)
def test_what_a_function_does_must_fit_into_the_time_that_it_has(changes: dict[str, str], most: dict[str, str]) -> None:
    """Else the host would end it in the middle of a write; the fault says what would do."""
    found = faults(**{f"PARTNER_CENTER_{name}": value for name, value in changes.items()})
    assert set(found) == {f"PARTNER_CENTER_{name}" for name in most}
    for name, words in most.items():
        assert words in found[f"PARTNER_CENTER_{name}"]


@pytest.mark.parametrize(("write", "other"), [("195", "30"), ("240", "7"), ("135", "60"), ("180", "37"), ("111", "72")])
def test_the_largest_values_that_faults_name_are_taken(write: str, other: str) -> None:
    """And leave the timer half a minute to begin submissions."""
    settings = load(PARTNER_CENTER_WRITE_TIMEOUT=write, PARTNER_CENTER_TIMEOUT=other).partner_center
    assert settings.follow_for.total_seconds() >= 30


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


def test_the_defaults_of_durations_are_the_policys() -> None:
    """Each stands in one place."""
    assert load().policy.model_dump() == Policy().model_dump()


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


@pytest.mark.parametrize("name", DURATIONS)
def test_a_duration_is_iso_8601_or_seconds(name: str) -> None:
    """Each sets the policy's duration of its name."""
    extreme = {"REVIEW_MAX": "P9D", "RETRY_MAX": "P9D", name: "PT1H30M"}
    assert getattr(load(**extreme).policy, name.lower()) == timedelta(minutes=90)
    assert getattr(load(**extreme | {name: "5400.5"}).policy, name.lower()) == timedelta(seconds=5400.5)


@given(st.integers(0, 3649), st.integers(0, 23), st.integers(0, 59), st.integers(1, 59_999_999))
def test_a_duration_is_what_pydantic_reads(days: int, hours: int, minutes: int, microseconds: int) -> None:
    """ISO 8601 as everybody else takes it, to the microsecond."""
    text = f"P{days}DT{hours}H{minutes}M{microseconds / 1e6:f}S"
    written = timedelta(days=days, hours=hours, minutes=minutes, microseconds=microseconds)
    assert duration(text) == TypeAdapter(timedelta).validate_python(text) == written


def test_weeks_are_durations_too() -> None:
    """Alone, as ISO 8601 has them, or with days."""
    assert (duration("P2W"), duration("P1W1D"), duration(".5")) == (
        timedelta(days=14),
        timedelta(days=8),
        timedelta(milliseconds=500),
    )


@pytest.mark.parametrize("name", [*DURATIONS, "PARTNER_CENTER_TIMEOUT"])
@pytest.mark.parametrize(
    "value", ["soon", "0", "PT0S", "-PT5M", "-5", "1.2.3", "5m", "9" * 30, "9" * 400, "P4000D", "inf", "nan", *NO_ISO]
)
def test_anything_else_is_no_duration(name: str, value: str) -> None:
    """Not even one that is too long to be added to a time."""
    assert "must be a positive duration" in faults(**{name: value})[name]


@pytest.mark.parametrize(("first", "most"), [("REVIEW_FIRST", "REVIEW_MAX"), ("RETRY_FIRST", "RETRY_MAX")])
def test_the_first_wait_is_not_longer_than_the_longest(first: str, most: str) -> None:
    """The two contradict each other then."""
    assert faults(**{first: "PT2H", most: "PT1H"}) == {most: f"must not be shorter than {first}"}
    load(**{first: "PT1H", most: "PT1H"})


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


def test_a_managed_identity_may_be_named() -> None:
    """Where there are several."""
    assert load(AZURE_CLIENT_ID="1234").partner_center.identity == Identity(managed=True, client_id="1234")


@pytest.mark.parametrize("name", BY_IDENTITY)
def test_a_connection_may_be_by_identity(name: str) -> None:
    """As Azure names it: the place, and whose identity."""
    end, place = BY_IDENTITY[name]
    endpoint = f"{name}__{end}"
    field = "service_bus" if name == "ServiceBusConnection" else "record_storage"
    settings = load(**{name: "", endpoint: place})
    assert getattr(settings, field) == Identity(endpoint=place, managed=False)
    managed = {f"{name}__credential": "managedidentity", f"{name}__clientId": "1234"}
    settings = load(**{name: "", endpoint: place, **managed})
    assert getattr(settings, field) == Identity(endpoint=place, managed=True, client_id="1234")
    assert faults(**{endpoint: place}).keys() == {name}
    assert faults(**{name: "", endpoint: place, f"{name}__credential": "none"}).keys() == {f"{name}__credential"}


@pytest.mark.parametrize("name", BY_IDENTITY)
@pytest.mark.parametrize(
    "place", ["http://contoso.net", "https://", "contoso net", "https://contoso.net/path", "a@b", "Ž"]
)
def test_where_an_identity_based_connection_leads_is_checked(name: str, place: str) -> None:
    """By name, at start: the first request would only say that nobody answers."""
    endpoint = f"{name}__{BY_IDENTITY[name][0]}"
    assert faults(**{name: "", endpoint: place}).keys() == {endpoint}


def test_records_may_be_kept_in_a_file() -> None:
    """The embedded store."""
    assert load(RecordStorage="sqlite:///data/records.db").record_storage == SecretStr("sqlite:///data/records.db")


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
