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
from tests.e2e.eventually import DEADLINE, eventually
from tests.e2e.service import Service
from tests.unit.doctor.deployed_apps import APP, GROUP, SETTINGS, listed, site, states

SITE, LIST, STATES = f"/sites/{APP}", "/config/appsettings/list", "/config/configreferences/appsettings"
CLIENT_SECRET = "PARTNER_CENTER_CLIENT_SECRET"
REFUSED = (
    'ERROR: Forbidden({"error":{"code":"%s","message":"The client does not have authorization to perform action."}})'
)


@pytest.fixture
def deployed(az: ScriptedAz, broker: BrokerThread, partner_center: PartnerCenterThread) -> dict[str, str]:
    """The settings of an app that is deployed as the templates do it, but for a key to Service Bus; it does not answer."""
    settings = {name: value for name, value in SETTINGS.items() if not name.startswith("ServiceBusConnection__")}
    settings |= {
        "ServiceBusConnection": broker.connection_string,
        "PARTNER_CENTER_URL": partner_center.url,
        "PARTNER_CENTER_LOGIN_URL": partner_center.url,
        "PARTNER_CENTER_TENANT_ID": partner_center.credentials.tenant_id,
        "PARTNER_CENTER_CLIENT_ID": partner_center.credentials.client_id,
    }
    az.answers("get", SITE, site("127.0.0.1:1"))
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


def healthy(done: "subprocess.CompletedProcess[str]") -> "list[subprocess.CompletedProcess[str]]":
    """The run in which the app reports that it is, and none before."""
    return [done] if checks(done)["app", "The app's own report"]["detail"] == "it is healthy" else []


@pytest.mark.timeout(400)
def test_a_sound_app_is_sound_whoever_looks(
    az: ScriptedAz, deployed: dict[str, str], service: Service, partner_center: PartnerCenterThread
) -> None:
    """What takes the app's identity says so, instead of a wrong verdict; no secret is shown, nor that of the operator."""
    secret = partner_center.credentials.client_secret
    az.answers("get", SITE, site(urlsplit(service.url).netloc))
    # On a busy machine the app itself may find that its store did not answer within two seconds.
    [done] = eventually(lambda: healthy(doctor(az, "--json", **{CLIENT_SECRET: secret})), within=4 * DEADLINE)
    assert (done.returncode, done.stderr) == (ALL_WELL, ""), done.stdout
    rows = checks(done)
    assert rows["app", "Key Vault references"]["finding"] == "ok"
    assert "qualification is cr_kind" in rows["app", "Webhook source dataverse"]["detail"]
    for name in ("Queue, sending", "Partner Center, the app"):
        assert rows["you", name]["finding"] == "ok"
    for name in ("Record store", "Refresh token"):
        assert rows["you", name]["finding"] == "not-checked"
    assert not [text for text in (secret, deployed["ServiceBusConnection"]) if text in done.stdout]


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
    assert rows["app", "App setting RETRY_FIRST"]["finding"] == "fault"


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
