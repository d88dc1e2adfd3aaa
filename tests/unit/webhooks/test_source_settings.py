import pytest

from qualification.bootstrap import bootstrap
from qualification.domain.errors import ConfigurationError
from qualification.settings.environment import load
from qualification.webhooks.registry import SOURCES
from qualification.webhooks.standard.settings import StandardSettings
from sandbox.crm import crm_settings
from tests.unit.stage import SETTINGS

SECRET = "whsec_Zm9yZ2VkLXNlY3JldC1mb3JnZWQ="
OTHER = "whsec_YW5vdGhlci1zZWNyZXQtYWx0b2dldGhlcg=="
NO_SECRETS = {f"WEBHOOK_{name.upper()}_SECRETS": "" for name in SOURCES}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WEBHOOK_HUBSPOT_URL", "http://x.example/api/webhooks/hubspot"),
        ("WEBHOOK_HUBSPOT_URL", "x.example/api/webhooks/hubspot"),
        ("WEBHOOK_HUBSPOT_URL", "https://x.example"),
        ("WEBHOOK_HUBSPOT_URL", "https:///api"),
        ("WEBHOOK_HUBSPOT_V2", "yes"),
        ("WEBHOOK_HUBSPOT_SECRETS", "x"),
        ("WEBHOOK_HUBSPOT_SECRETS", "a-long-secret-that-hubspot-has-never-made"),
        ("WEBHOOK_HUBSPOT_SECRETS", "0b1f5e02-6f0e-4e69-8c5e-2d2c2b6d2a1"),
        ("WEBHOOK_HUBSPOT_SECRETS", "0b1f5e02-6f0e-4e69-8c5e-2d2c2b6d2a11, x"),
        ("WEBHOOK_SALESFORCE_ORGANIZATIONS", "00D5e000000KQ2"),
        ("WEBHOOK_SALESFORCE_ORGANIZATIONS", "0015e000000KQ2eEAG"),
        ("WEBHOOK_SALESFORCE_ORGANIZATIONS", ",,,"),
        ("WEBHOOK_SALESFORCE_THUMBPRINTS", "not-hexadecimal"),
        ("WEBHOOK_SALESFORCE_THUMBPRINTS", "A" * 39),
        ("WEBHOOK_SALESFORCE_FIELDS", '{"customerTenantId": "Tenant__c"}'),
        ("WEBHOOK_DATAVERSE_FIELDS", "new_tenantid"),
    ],
)
def test_a_setting_that_cannot_be_right_closes_its_source(name: str, value: str) -> None:
    """And is named, never with its value, which may be a secret in the wrong place."""
    service = bootstrap(SETTINGS | crm_settings() | {name: value})
    [(source, faults)] = service.closed.items()
    assert source in name.lower()
    assert service.sources.keys() == SOURCES.keys() - {source}
    assert faults.keys() == {name}
    assert value not in faults[name]


def test_settings_that_only_work_together_are_named_together() -> None:
    """All of them, of all sources, where the service's own have faults too."""
    secrets = {name: value for name, value in crm_settings().items() if name.endswith("_SECRETS")}
    with pytest.raises(ConfigurationError) as refused:
        bootstrap(SETTINGS | secrets | {"WEBHOOK_STANDARD_SECRETS": "no base64!", "RecordStorage": ""})
    assert refused.value.faults.keys() == {
        "RecordStorage",
        "WEBHOOK_DATAVERSE_FIELDS",
        "WEBHOOK_HUBSPOT_FIELDS",
        "WEBHOOK_HUBSPOT_URL",
        "WEBHOOK_SALESFORCE_FIELDS",
        "WEBHOOK_SALESFORCE_ORGANIZATIONS",
        "WEBHOOK_STANDARD_SECRETS",
    }


@pytest.mark.parametrize(
    "weak", ["whsec_", "!!!", "whsec_!!!", "whsec_c2hvcnQ=", "no base64!", "whsec_Zm9yZ2Vk LXNlY3JldC1m"]
)
def test_a_standard_secret_that_would_decode_to_a_weak_key_is_refused_at_start(weak: str) -> None:
    """Base64 read carelessly makes an empty key of it, with which anybody can sign."""
    assert bootstrap(SETTINGS | {"WEBHOOK_STANDARD_SECRETS": weak}).closed["standard"].keys() == {
        "WEBHOOK_STANDARD_SECRETS"
    }


def test_a_source_that_nobody_uses_needs_no_settings() -> None:
    """It stays closed."""
    assert bootstrap(SETTINGS | NO_SECRETS).sources.keys() == SOURCES.keys()


def test_secrets_are_parted_by_commas_and_never_shown() -> None:
    """Blanks and empty parts do not count."""
    settings = load(StandardSettings, {"WEBHOOK_STANDARD_SECRETS": f" {SECRET} ,, {OTHER},"})
    assert [secret.get_secret_value() for secret in settings.secrets] == [SECRET, OTHER]
    assert SECRET not in repr(settings)
