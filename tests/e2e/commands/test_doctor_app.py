"""`python -m qualification doctor --app`: a deployed app, seen as itself and as whoever is signed in here."""

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from sandbox.partner_center import PartnerCenterThread
from sandbox.service_bus import BrokerThread
from tests.e2e.command_process import ALL_WELL, FAULTS, run_apart
from tests.e2e.commands.scripted_az import ScriptedAz
from tests.e2e.service import Service
from tests.unit.doctor.deployed_apps import APP, GROUP, SETTINGS, listed, reference, site, states

SITE, LIST, STATES = f"/sites/{APP}", "/config/appsettings/list", "/config/configreferences/appsettings"
CLIENT_SECRET = "PARTNER_CENTER_CLIENT_SECRET"
REFUSED = (
    'ERROR: Forbidden({"error":{"code":"%s","message":"The client does not have authorization to perform action."}})'
)


@pytest.fixture
def az(tmp_path: Path) -> ScriptedAz:
    """Nothing is known to it yet."""
    folder = tmp_path / "az"
    folder.mkdir()
    return ScriptedAz(folder)


@pytest.fixture
def deployed(
    az: ScriptedAz, service: Service, broker: BrokerThread, partner_center: PartnerCenterThread
) -> dict[str, str]:
    """The settings of an app that runs here, and is deployed as the templates do it, but for a key to Service Bus."""
    settings = {name: value for name, value in SETTINGS.items() if not name.startswith("ServiceBusConnection__")}
    settings |= {
        "ServiceBusConnection": broker.connection_string,
        "PARTNER_CENTER_URL": partner_center.url,
        "PARTNER_CENTER_LOGIN_URL": partner_center.url,
        "PARTNER_CENTER_TENANT_ID": partner_center.credentials.tenant_id,
        "PARTNER_CENTER_CLIENT_ID": partner_center.credentials.client_id,
    }
    az.answers("get", SITE, site(urlsplit(service.url).netloc))
    az.answers("post", LIST, listed(settings))
    az.answers("get", STATES, states())
    return settings


@pytest.fixture
def stopped_early(az: ScriptedAz, deployed: dict[str, str]) -> None:
    """A fault of a setting, after which nothing is looked at as whoever is signed in: for tests of what comes before."""
    az.answers("post", LIST, listed(deployed | {"RETRY_FIRST": "sometime"}))


def doctor(az: ScriptedAz, *more: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Run it for the app."""
    return run_apart("doctor", "--app", APP, "--resource-group", GROUP, *more, settings=az.environment | environment)


def checks(done: "subprocess.CompletedProcess[str]") -> Mapping[tuple[str | None, str], Any]:
    """The rows by whose eyes they have and their names."""
    return {(check["seenAs"], check["name"]): check for check in json.loads(done.stdout)["checks"]}


def test_a_sound_app_is_sound_whoever_looks(az: ScriptedAz, deployed: dict[str, str]) -> None:
    """What takes the app's identity says so, instead of a wrong verdict; no setting's value is shown."""
    done = doctor(az, "--json")
    assert (done.returncode, done.stderr) == (ALL_WELL, ""), done.stdout
    rows = checks(done)
    assert rows["app", "The app's own report"]["detail"] == "it is healthy"
    assert rows["app", "Key Vault references"]["finding"] == "ok"
    assert "qualification is cr_kind" in rows["app", "Webhook source dataverse"]["detail"]
    assert rows["you", "Queue, sending"]["finding"] == "ok"
    for name in ("Azure sign-in, record store", "Record store", "Refresh token", "Partner Center, the app"):
        assert rows["you", name]["finding"] == "not-checked"
    assert "To see it from here takes the role Qualification records" in rows["you", "Record store"]["remedy"]
    assert not [value for value in deployed.values() if "SharedAccessKey=" in value and value in done.stdout]


@pytest.mark.usefixtures("stopped_early")
def test_only_reading_is_asked_of_az_and_no_secret_is_in_it(az: ScriptedAz) -> None:
    """Three calls, whose words hold names only."""
    doctor(az)
    assert {call[0] for call in az.calls} == {"rest"}
    assert sorted((call[2], call[4].rpartition("/sites/")[2]) for call in az.calls) == [
        ("get", f"{APP}/config/configreferences/appsettings?api-version=2024-11-01"),
        ("get", f"{APP}?api-version=2024-11-01"),
        ("post", f"{APP}/config/appsettings/list?api-version=2024-11-01"),
    ]


def test_what_keeps_the_app_from_working_is_found_from_here(az: ScriptedAz, deployed: dict[str, str]) -> None:
    """A reference that was not resolved is told once, with its command; a mapping and a name in their own words."""
    mapping = {"WEBHOOK_DATAVERSE_FIELDS": '{"qualification": "cr_kind"}', "WEBHOOK_HUBSPOT_SECRET": "x"}
    az.answers("post", LIST, listed(deployed | mapping))
    az.answers("get", STATES, states(WEBHOOK_STANDARD_SECRETS="SecretNotFound"))
    done = doctor(az, "--json")
    assert done.returncode == FAULTS
    rows = checks(done)
    broken = rows["app", "Key Vault reference WEBHOOK_STANDARD_SECRETS"]
    assert broken["finding"] == "fault"
    assert "az keyvault secret set --vault-name kv-example --name webhook-standard" in broken["remedy"]
    assert "customerTenantId is missing" in rows["app", "Webhook source dataverse"]["detail"]
    assert rows["app", "App setting WEBHOOK_HUBSPOT_SECRET"]["remedy"] == "Is WEBHOOK_HUBSPOT_SECRETS meant?"
    assert done.stdout.count("is a Key Vault reference that was not resolved") == 0


def test_settings_that_stop_the_service_are_listed(az: ScriptedAz, deployed: dict[str, str]) -> None:
    """Each in a row, and the rest is not guessed at."""
    az.answers("post", LIST, listed(deployed | {"RETRY_FIRST": "sometime", "PARTNER_CENTER_TENANT_ID": "not-a-guid"}))
    done = doctor(az, "--json")
    assert done.returncode == FAULTS
    rows = checks(done)
    assert {name for _, name in rows} >= {"App setting RETRY_FIRST", "App setting PARTNER_CENTER_TENANT_ID"}
    assert rows["you", "Records, Service Bus, Partner Center"]["finding"] == "not-checked"
    assert "sometime" not in done.stdout
    assert "not-a-guid" not in done.stdout


def test_a_client_secret_at_hand_lets_the_app_be_proven(
    az: ScriptedAz, deployed: dict[str, str], partner_center: PartnerCenterThread
) -> None:
    """The same secret as for sign-in; the refresh token is left alone, and the clock of this machine is no row."""
    az.answers("post", LIST, listed(deployed | {CLIENT_SECRET: reference("client-secret")}))
    secret = partner_center.credentials.client_secret
    done = doctor(az, "--json", **{CLIENT_SECRET: secret})
    rows = checks(done)
    assert rows["you", "Partner Center, the app"]["finding"] == "ok", done.stdout
    assert rows["you", "Partner Center, the service account"]["finding"] == "not-checked"
    assert ("you", "Clock") not in rows
    assert secret not in done.stdout


def test_files_of_the_app_are_not_looked_for_here(az: ScriptedAz, deployed: dict[str, str], tmp_path: Path) -> None:
    """They are on another machine, and nothing of their names is made on this one."""
    place = tmp_path / "data"
    place.mkdir()
    settings = {name: value for name, value in deployed.items() if not name.startswith("RecordStorage")}
    settings |= {
        "RecordStorage": f"sqlite:///{place / 'records.db'}",
        "PARTNER_CENTER_REFRESH_TOKEN": (place / "token").as_uri(),
    }
    az.answers("post", LIST, listed(settings))
    done = doctor(az, "--json")
    rows = checks(done)
    assert rows["app", "Record store"]["finding"] == rows["app", "Refresh token"]["finding"] == "fault"
    assert ("you", "Record store") not in rows
    assert list(place.iterdir()) == []


@pytest.mark.usefixtures("stopped_early")
def test_an_app_that_does_not_run_is_a_fault(az: ScriptedAz) -> None:
    """With the command that starts it."""
    az.answers("get", SITE, site(state="Stopped"))
    report = checks(doctor(az, "--json"))["app", "The app's own report"]
    assert report["finding"] == "fault"
    assert report["remedy"] == f"Start it: az functionapp start --name {APP} --resource-group {GROUP}"


@pytest.mark.usefixtures("stopped_early")
def test_references_that_may_not_be_seen_are_not_checked(az: ScriptedAz) -> None:
    """Everything else goes on."""
    az.refuses("get", STATES, REFUSED % "AuthorizationFailed")
    rows = checks(doctor(az, "--json"))
    assert rows["app", "Key Vault references"]["finding"] == "not-checked"
    assert rows["app", "The app's own report"]["finding"] == "ok"


@pytest.mark.parametrize(
    ("error", "advice"),
    [
        (REFUSED % "AuthorizationFailed", "Website Contributor"),
        (REFUSED % "ResourceNotFound", "az account set --subscription NAME"),
        ("ERROR: Please run 'az login' to setup account.", "az login, to the tenant of the subscription"),
        ("ERROR: HTTPSConnectionPool: Max retries exceeded", "Max retries exceeded"),
    ],
)
@pytest.mark.usefixtures("deployed")
def test_what_az_cannot_do_ends_in_a_sentence(az: ScriptedAz, error: str, advice: str) -> None:
    """It says what to do, and begins no check."""
    az.refuses("post", LIST, error)
    done = doctor(az)
    assert (done.returncode, done.stdout) == (FAULTS, "")
    assert advice in " ".join(done.stderr.split())


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--app", APP], "--app and --resource-group belong together"),
        (["--resource-group", GROUP], "--app and --resource-group belong together"),
        (["--app", "", "--resource-group", GROUP], "take names as Azure has them"),
        (["--app", "func & calc", "--resource-group", GROUP], "take names as Azure has them"),
        (["--app", APP, "--resource-group", "../other"], "take names as Azure has them"),
        (["--app", APP, "--resource-group", GROUP, "--settings", "local.settings.json"], "leave --settings out"),
    ],
)
def test_what_cannot_be_meant_is_refused_before_az_is_asked(
    az: ScriptedAz, arguments: list[str], sentence: str
) -> None:
    """A name is also a part of a path and of a command line."""
    done = run_apart("doctor", *arguments, settings=az.environment)
    assert done.returncode == FAULTS
    assert sentence in " ".join(done.stderr.split())
    assert az.calls == []


def test_without_az_it_says_where_to_get_it(tmp_path: Path) -> None:
    """It is no part of this project."""
    done = run_apart("doctor", "--app", APP, "--resource-group", GROUP, settings={"PATH": str(tmp_path)})
    assert done.returncode == FAULTS
    assert "install-azure-cli" in done.stderr
