"""The settings that the templates give are the settings that the code reads, by the names it reads them."""

import json
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from pydantic import TypeAdapter

from qualification.domain.errors import ConfigurationError
from qualification.domain.timing import Policy
from qualification.settings.app_settings import Settings
from qualification.settings.connections import Identity
from qualification.settings.environment import names
from qualification.use_cases import telemetry
from qualification.webhooks.registry import SOURCES
from tests.infra.bicep import INFRA, template
from tests.infra.settings import CLIENT_ID, VAULT, settings

ROOT = INFRA.parent
HOST = {"AzureWebJobsStorage", "APPLICATIONINSIGHTS_AUTHENTICATION_STRING", "APPLICATIONINSIGHTS_CONNECTION_STRING"}
RUNTIME = {"PYTHON_APPLICATIONINSIGHTS_ENABLE_TELEMETRY", "PYTHON_APPLICATIONINSIGHTS_LOGGER_NAME"}
TRIGGERS = set(re.findall(r"%(\w+)%", (ROOT / "function_app.py").read_text(encoding="utf-8")))
BY_HAND = {"API_KEY_NAMES", "CONFIRM_QUALIFICATIONS", "SERVICE_URL"}
"""Right as they are for nearly everybody; whoever needs another one gives it in webhookSettings (docs/deploy.md)."""
DURATIONS = [name for name, value in Policy() if isinstance(value, timedelta) and name != "write_timeout"]


def names_in_code() -> set[str]:
    """Every setting that the settings' model reads, and the triggers' own; connections without their suffix."""
    return {name.split("__")[0] for name in names(Settings)} | TRIGGERS


def names_in_templates() -> set[str]:
    """Every setting that the templates give to the code; connections without their suffix."""
    return {name.split("__")[0] for name in settings()} - HOST - RUNTIME


def test_the_templates_give_what_the_code_reads() -> None:
    """No setting is forgotten, and none is given that nobody reads."""
    assert names_in_templates() == names_in_code() - BY_HAND


def test_the_code_accepts_the_settings() -> None:
    """The service starts with them, and signs in as the managed identity everywhere."""
    loaded = Settings.load(settings())
    identity = Identity(managed=True, client_id=CLIENT_ID)
    assert loaded.partner_center.identity == identity
    assert loaded.service_bus == replace(identity, endpoint="sbns-x.servicebus.windows.net")
    assert loaded.record_storage == replace(identity, endpoint="https://stx.table.core.windows.net")
    assert loaded.partner_center.refresh_token == f"{VAULT}secrets/refresh-token"
    assert (loaded.partner_center.federated_identity, loaded.partner_center.client_secret) == (True, None)


def test_a_client_secret_takes_the_place_of_the_federated_credential() -> None:
    """The fallback sets one of the two, never both."""
    loaded = Settings.load(settings(client_secret="partner-center-client-secret"))
    assert loaded.partner_center.federated_identity is False
    assert loaded.partner_center.client_secret is not None


@pytest.mark.parametrize(
    "name", ["PARTNER_CENTER_TENANT_ID", "PARTNER_CENTER_CLIENT_ID", "PARTNER_CENTER_REFRESH_TOKEN"]
)
def test_a_setting_that_is_left_out_would_be_seen(name: str) -> None:
    """The check above can fail."""
    with pytest.raises(ConfigurationError, match=name):
        Settings.load(settings() | {name: ""})


def test_the_pace_is_the_codes_own() -> None:
    """A default that stands in two places is the same in both."""
    pace = template("modules/app-settings.bicep").parameters["pace"].value
    duration = TypeAdapter(timedelta)
    given = {name: duration.validate_python(pace[name.upper()]) for name in DURATIONS}
    assert given == {name: getattr(Policy(), name) for name in DURATIONS}
    assert float(pace["REVIEW_GROWTH"]) == Policy().review_growth


def test_a_source_of_webhooks_gets_its_secrets_under_the_name_that_the_code_reads() -> None:
    """The template makes WEBHOOK_SOURCE_SECRETS of every source that is named; all else of it is passed on as it is."""
    text = template("modules/app-settings.bicep").path.read_text(encoding="utf-8")
    made = re.findall(r"'(WEBHOOK_\$\{toUpper\(source\)\}_\w+)'", text)
    assert made == ["WEBHOOK_${toUpper(source)}_SECRETS"]
    for name, source in SOURCES.items():
        read = names(source.settings)
        assert f"WEBHOOK_{name.upper()}_SECRETS" in read
        assert all(setting.startswith(f"WEBHOOK_{name.upper()}_") for setting in read)


def test_telemetry_is_exported_by_the_worker() -> None:
    """Only the worker's own exporter keeps a log line's attributes; the host would keep its text."""
    assert settings()["PYTHON_APPLICATIONINSIGHTS_ENABLE_TELEMETRY"] == "true"
    assert telemetry.log.name.startswith(settings()["PYTHON_APPLICATIONINSIGHTS_LOGGER_NAME"] + ".")
    assert json.loads((ROOT / "host.json").read_text(encoding="utf-8"))["telemetryMode"] == "OpenTelemetry"
    requirements = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    assert re.search(r"^azure-monitor-opentelemetry==", requirements, re.MULTILINE)


def test_settings_that_flex_consumption_forbids_are_not_given() -> None:
    """The plan takes them from functionAppConfig, or refuses to deploy ("Flex Consumption plan deprecated properties")."""
    forbidden = {
        "ENABLE_ORYX_BUILD",
        "FUNCTIONS_EXTENSION_VERSION",
        "FUNCTIONS_WORKER_RUNTIME",
        "SCM_DO_BUILD_DURING_DEPLOYMENT",
        "TZ",
        "WEBSITE_CONTENTAZUREFILECONNECTIONSTRING",
        "WEBSITE_CONTENTSHARE",
        "WEBSITE_RUN_FROM_PACKAGE",
        "WEBSITE_TIME_ZONE",
    }
    assert forbidden & set(settings()) == set()


def test_the_app_runs_the_python_that_the_tests_run() -> None:
    """functionAppConfig, .python-version and pyproject.toml name one version."""
    runtime = (
        template("modules/function-app.bicep").resources["app"].value["properties"]["functionAppConfig"]["runtime"]
    )
    assert runtime == {"name": "python", "version": (ROOT / ".python-version").read_text(encoding="utf-8").strip()}
