import pytest

from qualification.bootstrap import bootstrap
from qualification.domain.errors import ConfigurationError
from qualification.settings.app_settings import Settings
from qualification.settings.environment import load, names
from qualification.settings.key_vault_reference import UNRESOLVED, is_reference
from qualification.webhooks.registry import SOURCES
from sandbox.crm import crm_settings
from tests.unit.stage import SETTINGS

REFERENCE = "@Microsoft.KeyVault(SecretUri=https://contoso.vault.azure.net/secrets/x/)"
THEIRS = sorted(set().union(*(names(source.settings) for source in SOURCES.values())))


@pytest.mark.parametrize("text", [REFERENCE, f" {REFERENCE}", "@microsoft.keyvault(", "@MICROSOFT.KEYVAULT(x"])
def test_a_reference_is_known_by_how_it_begins(text: str) -> None:
    """In any case."""
    assert is_reference(text)


@pytest.mark.parametrize("text", ["", "x", f"x{REFERENCE}", "Microsoft.KeyVault(x)", "@Microsoft.KeyVault"])
def test_anything_else_is_a_value(text: str) -> None:
    """Whatever it is worth."""
    assert not is_reference(text)


@pytest.mark.parametrize("name", sorted(names(Settings)))
def test_no_setting_of_the_service_takes_a_reference_for_a_value(name: str) -> None:
    """The fault says what to do, and nothing else of that setting."""
    with pytest.raises(ConfigurationError) as refused:
        Settings.load(SETTINGS | {name: REFERENCE})
    assert refused.value.faults[name] == UNRESOLVED


@pytest.mark.parametrize("name", THEIRS)
def test_no_setting_of_a_source_takes_a_reference_for_a_value(name: str) -> None:
    """It closes that source only."""
    service = bootstrap(SETTINGS | crm_settings() | {name: REFERENCE})
    assert [faults[name] for faults in service.closed.values()] == [UNRESOLVED]


@pytest.mark.parametrize("source", SOURCES)
def test_a_reference_beside_other_secrets_is_refused(source: str) -> None:
    """App Service resolves none that is not the whole value."""
    name = f"WEBHOOK_{source.upper()}_SECRETS"
    environment = crm_settings()
    with pytest.raises(ConfigurationError) as refused:
        load(SOURCES[source].settings, environment | {name: f"{environment[name]}, {REFERENCE}"})
    assert "must be the whole value" in refused.value.faults[name]
