"""`python -m qualification waiting --app`: what waits in a deployed app, and the word for it, from a person's machine."""

import subprocess
import sys
from urllib.parse import urlsplit

import pytest

from sandbox.host_process import ROOT
from tests.e2e.command_process import ALL_WELL, FAULTS, environment
from tests.e2e.commands.scripted_az import ScriptedAz
from tests.e2e.customer import Customer
from tests.e2e.service import STATE_OWNED, Service
from tests.e2e.world import World
from tests.unit.doctor.deployed_apps import APP, GROUP, listed, site, states


@pytest.fixture
def service(world: World, az: ScriptedAz) -> Service:
    """As setup leaves it: each request waits for a person. Azure shows its settings."""
    found = world.service(CONFIRM_QUALIFICATIONS="Education,GovernmentCommunityCloud,StateOwnedEntity")
    az.answers("get", f"/sites/{APP}", site(urlsplit(found.url).netloc))
    az.answers("post", "/config/appsettings/list", listed(found.settings))
    az.answers("get", "/config/configreferences/appsettings", states())
    return found


def waiting(az: ScriptedAz, *arguments: str, typed: str = "") -> "subprocess.CompletedProcess[str]":
    """Run it with no setting of its own; somebody types."""
    return subprocess.run(  # noqa: S603  our own module, no shell
        [sys.executable, "-m", "qualification", "waiting", *arguments],
        cwd=ROOT,
        env=environment(az.environment),
        input=typed,
        capture_output=True,
        text=True,
        check=False,
        timeout=250,
    )


@pytest.mark.timeout(600)
def test_a_first_request_is_shown_and_confirmed(az: ScriptedAz, service: Service, customer: Customer) -> None:
    """Nothing is sent before the word is given; then it is, and Microsoft approves."""
    accepted = service.webhook(STATE_OWNED | {"customerTenantId": customer.id})
    request = service.waits(accepted, "confirmation-needed")
    assert request["attempts"] == 0
    named = ("--app", APP, "--resource-group", GROUP)
    shown = waiting(az, *named)
    assert (shown.returncode, shown.stderr) == (ALL_WELL, "")
    assert request["requestId"] in shown.stdout
    assert service.status(accepted)["attempts"] == 0
    done = waiting(az, "--confirm", *named, typed="y\n")
    # On standard error may stand that the hint was too slow; the timer makes up for it.
    assert done.returncode == ALL_WELL, done.stderr
    assert "1 confirmed." in done.stdout
    assert service.reaches(accepted, "Approved")["attempts"] == 1


@pytest.mark.parametrize("arguments", [["--app", APP], ["--resource-group", GROUP]])
def test_the_two_options_belong_together(az: ScriptedAz, arguments: list[str]) -> None:
    """As for the doctor."""
    done = waiting(az, *arguments)
    assert done.returncode == FAULTS
    assert done.stderr == "--app and --resource-group belong together.\n"
    assert az.calls == []
