"""What Azure Resource Manager says of a deployed app, and what of its settings is of use on another machine."""

from dataclasses import replace
from typing import Any

import pytest

from qualification.doctor.deployed import read_deployed
from qualification.doctor.deployed_settings import setting_rows, unread
from qualification.doctor.diagnosis import Finding
from qualification.doctor.from_here import from_here
from qualification.doctor.references import NAME, references
from tests.unit.doctor.deployed_apps import APP, GROUP, SETTINGS, deployed, listed, reference, site, states

CLIENT_SECRET = "PARTNER_CENTER_CLIENT_SECRET"


def test_an_answer_of_another_shape_is_refused_without_its_values() -> None:
    """They may be secrets."""
    odd: dict[str, Any] = {"properties": {"WEBHOOK_STANDARD_SECRETS": ["whsec_secret"]}}
    with pytest.raises(ValueError, match="properties") as refused:
        read_deployed(APP, GROUP, site=site(), settings=odd, references=None)
    assert "whsec_secret" not in str(refused.value)


def test_an_app_shows_no_setting_of_it() -> None:
    """Not in a log, nor in an exception."""
    app = deployed({"WEBHOOK_STANDARD_SECRETS": "whsec_secret"})
    assert "whsec_secret" not in repr(app) + repr(from_here(app))


def test_a_setting_without_a_value_is_missing() -> None:
    """Azure writes null for it."""
    settings: dict[str, Any] = {"properties": {"SERVICE_URL": None}}
    assert not read_deployed(APP, GROUP, site=site(), settings=settings, references=None).settings


def test_whoever_is_signed_in_takes_the_place_of_the_app_s_identity() -> None:
    """It is nowhere but in the app."""
    values = from_here(deployed()).environment
    assert not [name for name in values if name.endswith(("__credential", "__clientId", "AZURE_CLIENT_ID"))]
    assert values["WEBSITE_HOSTNAME"] == "func-example.azurewebsites.net"
    assert values["RecordStorage__tableServiceUri"] == SETTINGS["RecordStorage__tableServiceUri"]


def test_a_secret_that_only_the_app_has_is_stood_in_for() -> None:
    """In its right form, and only where the app has got it; nothing in it proves the app."""
    settings = {**SETTINGS, "PARTNER_CENTER_FEDERATED_IDENTITY": "false", CLIENT_SECRET: reference("client-secret")}
    here = from_here(deployed(settings, WEBHOOK_STANDARD_SECRETS="SecretNotFound"))
    assert here.unseen == {"WEBHOOK_DATAVERSE_SECRETS", CLIENT_SECRET}
    assert here.environment["WEBHOOK_STANDARD_SECRETS"] == settings["WEBHOOK_STANDARD_SECRETS"]
    assert not here.proves_the_app


def test_a_client_secret_at_hand_proves_the_app() -> None:
    """As for sign-in: it takes the identity's place, and that of a reference."""
    for settings in (SETTINGS, {**SETTINGS, CLIENT_SECRET: reference("client-secret")}):
        here = from_here(deployed(settings), "at-hand")
        assert here.proves_the_app
        assert here.environment[CLIENT_SECRET] == "at-hand"
        assert here.environment["PARTNER_CENTER_FEDERATED_IDENTITY"] == "false"


@pytest.mark.parametrize(
    ("status", "remedy"),
    [
        ("AccessToKeyVaultDenied", "Key Vault Secrets User on the secret webhook-standard of the vault kv-example"),
        ("InvalidSyntax", "@Microsoft.KeyVault(SecretUri="),
        ("MSINotEnabled", "keyVaultReferenceIdentity"),
        ("SecretNotFound", "az keyvault secret set --vault-name kv-example --name webhook-standard --file FILE"),
        ("SecretVersionNotFound", "version"),
        ("VaultNotFound", "az keyvault recover --name kv-example"),
        ("FetchTimedOut", "Wait a minute"),
        ("AWordOfTomorrow", "Wait a minute"),
    ],
)
def test_a_reference_that_is_not_resolved_says_why_and_what_to_do(status: str, remedy: str) -> None:
    """Each word of App Service has its own remedy, and the command that has the app read it again."""
    well, row = references(deployed(WEBHOOK_STANDARD_SECRETS=status))
    assert (well.finding, well.detail) == (Finding.OK, "resolved: WEBHOOK_DATAVERSE_SECRETS")
    assert (row.name, row.finding) == ("Key Vault reference WEBHOOK_STANDARD_SECRETS", Finding.FAULT)
    assert row.detail == f"is not resolved ({status}: It was not.)"
    assert remedy in row.remedy
    url = f"/resourceGroups/{GROUP}/providers/Microsoft.Web/sites/{APP}/config/configreferences/appsettings/refresh"
    assert url in row.remedy


def test_what_azure_does_not_say_is_not_checked() -> None:
    """Of all references, or of one that the list leaves out."""
    silent = replace(deployed(), references=None)
    [row] = references(silent)
    assert (row.name, row.finding) == (NAME, Finding.NOT_CHECKED)
    one = read_deployed(
        APP, GROUP, site=site(), settings=listed(), references={"value": states()["value"][:1], "nextLink": None}
    )
    assert [row.finding for row in references(one)] == [Finding.OK, Finding.NOT_CHECKED]
    assert references(deployed({"SERVICE_URL": "https://gateway.example"})) == []


def rows(settings: dict[str, str]) -> list[tuple[str, Finding, str]]:
    """What is said of settings by themselves."""
    app = deployed({**SETTINGS, **settings})
    return [(row.name, row.finding, row.remedy) for row in setting_rows(app, from_here(app))]


def test_sound_settings_need_no_row() -> None:
    """Nor do those of the platform."""
    assert rows({"FUNCTIONS_EXTENSION_VERSION": "~4", "WEBSITE_RUN_FROM_PACKAGE": "1"}) == []


def test_a_misspelt_setting_is_found() -> None:
    """Nobody reads it, and nothing else would tell."""
    assert rows({"WEBHOOK_STANDARD_SECRET": "x"}) == [
        ("App setting WEBHOOK_STANDARD_SECRET", Finding.WARNING, "Is WEBHOOK_STANDARD_SECRETS meant?")
    ]


def test_a_file_on_an_instance_is_a_fault() -> None:
    """Instances come and go, with all that is in their files."""
    found = rows({"RecordStorage": "sqlite:////data/records.db", "PARTNER_CENTER_REFRESH_TOKEN": "file:///data/token"})
    assert [(name, finding) for name, finding, _ in found] == [
        ("Record store", Finding.FAULT),
        ("Refresh token", Finding.FAULT),
    ]


def test_what_is_behind_another_reference_is_not_judged() -> None:
    """A mapping in the vault, which the app has and this machine has not."""
    settings = {**SETTINGS, "WEBHOOK_STANDARD_FIELDS": reference("fields")}
    app = deployed(settings, WEBHOOK_STANDARD_FIELDS="Resolved")
    assert unread(app, from_here(app)) == {"WEBHOOK_STANDARD_FIELDS"}
    [row] = setting_rows(app, from_here(app))
    assert row.finding is Finding.NOT_CHECKED
