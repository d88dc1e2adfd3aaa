"""The settings that the templates give are the settings that the code reads, by the names it reads them."""

import json
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from pydantic import BaseModel, TypeAdapter

from qualification.domain.errors import ConfigurationError
from qualification.domain.timing import Policy
from qualification.settings.app_settings import Settings
from qualification.settings.connections import Identity
from qualification.settings.environment import names
from qualification.use_cases import telemetry
from qualification.webhooks.limits import limit_settings
from qualification.webhooks.registry import SOURCES
from tests.infra.deployed import MAIN, ROOT, compiled, deployed, nested

HOST = {
    "APPLICATIONINSIGHTS_AUTHENTICATION_STRING",
    "APPLICATIONINSIGHTS_CONNECTION_STRING",
    "AzureWebJobsStorage",
    "FUNCTIONS_REQUEST_BODY_SIZE_LIMIT",
    "PYTHON_APPLICATIONINSIGHTS_ENABLE_TELEMETRY",
    "PYTHON_APPLICATIONINSIGHTS_LOGGER_NAME",
}
TRIGGERS = set(re.findall(r"%(\w+)%", (ROOT / "function_app.py").read_text(encoding="utf-8")))
DURATIONS = [name for name, value in Policy() if isinstance(value, timedelta) and name != "write_timeout"]
CLIENT_ID = "11111111-1111-4111-8111-111111111111"
every_main = pytest.mark.parametrize("profile", MAIN)


def settings(profile: str = "plain") -> dict[str, str]:
    """App settings as they are in Azure, once the live resources have answered."""
    return {
        name: CLIENT_ID if value.endswith(".clientId]") else value for name, value in deployed(profile).settings.items()
    }


def names_in_code() -> set[str]:
    """Every setting that the models read, and the triggers' own; connections without their suffix."""
    models: list[type[BaseModel]] = [
        Settings,
        *(source.settings for source in SOURCES.values()),
        *map(limit_settings, SOURCES),
    ]
    return {name.split("__")[0] for model in models for name in names(model)} | TRIGGERS


@every_main
def test_the_templates_give_what_the_code_reads(profile: str) -> None:
    """No setting is forgotten, and none is given that nobody reads: add one to app-settings.bicep and types.bicep."""
    assert {name.split("__")[0] for name in settings(profile)} - HOST == names_in_code()


def test_what_can_be_set_is_what_the_code_reads() -> None:
    """A misspelt name in `pace` or `webhookSettings` is refused, because their types name each that there is."""
    definitions = compiled("main")["definitions"]
    types = {name.rsplit(".", 1)[-1]: each for name, each in definitions.items()}
    for name in ("pacing", "moreSettings"):
        assert set(types[name]["properties"]) <= names_in_code()
        assert types[name]["additionalProperties"] is False
    paced = {name.upper() for name in DURATIONS} | {"REVIEW_GROWTH", "ADVANCE_SCHEDULE"}
    assert paced <= set(types["pacing"]["properties"])


@every_main
def test_the_code_accepts_the_settings(profile: str) -> None:
    """The service starts with them, and signs in as the managed identity everywhere."""
    given = settings(profile)
    if secret := given["PARTNER_CENTER_CLIENT_SECRET"]:
        assert re.fullmatch(
            r"@Microsoft\.KeyVault\(SecretUri=https://[\w.-]+/secrets/partner-center-client-secret\)", secret
        )
        given["PARTNER_CENTER_CLIENT_SECRET"] = "as Azure has read it"
    loaded = Settings.load(given)
    identity = Identity(managed=True, client_id=CLIENT_ID)
    token = deployed(profile).one("Microsoft.Web/sites")["name"].removeprefix("func-")
    assert loaded.partner_center.identity == identity
    assert loaded.service_bus == replace(identity, endpoint=f"sbns-{token}.servicebus.windows.net")
    assert loaded.record_storage == replace(identity, endpoint=f"https://strec{token}.table.core.windows.net")
    assert loaded.partner_center.refresh_token == f"https://kv-{token}.vault.azure.net/secrets/refresh-token"
    assert loaded.partner_center.federated_identity is not bool(secret)


@pytest.mark.parametrize(
    "name", ["PARTNER_CENTER_TENANT_ID", "PARTNER_CENTER_CLIENT_ID", "PARTNER_CENTER_REFRESH_TOKEN"]
)
def test_a_setting_that_is_left_out_would_be_seen(name: str) -> None:
    """The check above can fail."""
    with pytest.raises(ConfigurationError, match=name):
        Settings.load(settings() | {name: ""})


def test_the_pace_is_the_codes_own() -> None:
    """A default that stands in two places is the same in both."""
    duration = TypeAdapter(timedelta)
    given = {name: duration.validate_python(settings()[name.upper()]) for name in DURATIONS}
    assert given == {name: getattr(Policy(), name) for name in DURATIONS}
    assert float(settings()["REVIEW_GROWTH"]) == Policy().review_growth


def test_what_is_set_arrives() -> None:
    """Each parameter of the profile that sets them all is a setting, as it was given."""
    text = (ROOT / "infra" / "profiles" / "everything.bicepparam").read_text(encoding="utf-8")
    given = dict(re.findall(r"^  ([A-Z_0-9]+): '(.*)'$", text, re.MULTILINE))
    types = {name.rsplit(".", 1)[-1]: each for name, each in compiled("main")["definitions"].items()}
    assert set(given) == {*types["pacing"]["properties"], *types["moreSettings"]["properties"]}
    assert given.items() <= settings("everything").items()


@every_main
def test_a_source_has_its_secret_and_no_other_has_one(profile: str) -> None:
    """A source that nobody named has an empty one, which the code reads as none."""
    given = settings(profile)
    vault = given["PARTNER_CENTER_REFRESH_TOKEN"].removesuffix("refresh-token")
    named = set(SOURCES) if profile == "everything" else {profile} & set(SOURCES)
    for source in SOURCES:
        wanted = f"@Microsoft.KeyVault(SecretUri={vault}webhook-{source})" if source in named else ""
        assert given[f"WEBHOOK_{source.upper()}_SECRETS"] == wanted


def test_the_host_refuses_what_no_sender_may_send() -> None:
    """A backstop: the service's own limit must come first, because what the host refuses gets no answer that says why."""
    limit = int(settings()["FUNCTIONS_REQUEST_BODY_SIZE_LIMIT"])
    largest = max(source.largest_body for source in SOURCES.values())
    assert largest < limit <= 4 * largest


def test_telemetry_is_exported_by_the_worker() -> None:
    """Only the worker's own exporter keeps a log line's attributes; the host would keep its text."""
    given = deployed("plain").settings
    assert given["PYTHON_APPLICATIONINSIGHTS_ENABLE_TELEMETRY"] == "true"
    assert telemetry.log.name.startswith(given["PYTHON_APPLICATIONINSIGHTS_LOGGER_NAME"] + ".")
    assert json.loads((ROOT / "host.json").read_text(encoding="utf-8"))["telemetryMode"] == "OpenTelemetry"
    requirements = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    assert re.search(r"^azure-monitor-opentelemetry==", requirements, re.MULTILINE)


@every_main
def test_telemetry_signs_in_as_the_identity(profile: str) -> None:
    """Application Insights refuses its key, so whoever exports says who it is."""
    given = deployed(profile).settings
    found = re.fullmatch(
        r"\[format\('ClientId=\{0\};Authorization=AAD', (.+)\)\]", given["APPLICATIONINSIGHTS_AUTHENTICATION_STRING"]
    )
    assert found
    assert f"[{found[1]}]" == given["AZURE_CLIENT_ID"]
    component = deployed(profile).one("Microsoft.Insights/components")["name"]
    assert f"/components/{component}'" in given["APPLICATIONINSIGHTS_CONNECTION_STRING"]
    assert given["APPLICATIONINSIGHTS_CONNECTION_STRING"].endswith(").ConnectionString]")


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


@every_main
def test_the_app_runs_the_python_that_the_tests_run(profile: str) -> None:
    """functionAppConfig, .python-version and pyproject.toml name one version."""
    config = deployed(profile).one("Microsoft.Web/sites")["properties"]["functionAppConfig"]
    version = (ROOT / ".python-version").read_text(encoding="utf-8").strip()
    assert config["runtime"] == {"name": "python", "version": version}


@every_main
def test_the_plan_is_flex_consumption_as_it_is_told(profile: str) -> None:
    """Defaults, and the parameters of the profile that sets them all."""
    found = deployed(profile)
    plan = found.one("Microsoft.Web/serverfarms")
    scale = found.one("Microsoft.Web/sites")["properties"]["functionAppConfig"]["scaleAndConcurrency"]
    changed = profile == "everything"
    warm: list[Any] = [{"name": "http", "instanceCount": 1}] if changed else []
    assert (plan["sku"]["name"], plan["properties"]["zoneRedundant"]) == ("FC1", changed)
    assert scale == {
        "alwaysReady": warm,
        "instanceMemoryMB": 4096 if changed else 2048,
        "maximumInstanceCount": 100 if changed else 40,
        "triggers": {"http": {"perInstanceConcurrency": 16}},
    }
    assert found.one("Microsoft.Web/sites")["properties"]["serverFarmId"] == plan["id"]


def test_no_fewer_instances_can_be_asked_for_than_microsoft_warns_of() -> None:
    """Below 40, HTTP requests may fail ("Flex Consumption plan", scale)."""
    limits = [
        each["parameters"]["maximumInstanceCount"]["minValue"]
        for each in nested(compiled("main"))
        if "maximumInstanceCount" in each.get("parameters", {})
    ]
    assert limits == [40, 40]
