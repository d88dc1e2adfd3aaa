"""From nothing to a service that runs: once, again, and broken off anywhere."""

from pathlib import Path

import pytest

from tests.setup.machine import KILLED, Machine
from tests.setup.scripted_az.cli import CHANGES
from tests.setup.scripted_az.world import State

pytestmark = pytest.mark.timeout(600)
"""Each run of setup starts some fifty processes, which take their time on a busy machine."""

GOLDEN = Path(__file__).with_name("calls.txt")
"""Each call of `az` in the setup of a service with one CRM; make azure-commands has the real CLI parse each of them."""
OWN, CHANGES_MADE = 4, 21
"""Calls of the service's own commands (two until the role is good, the sign-in, the doctor), and all that may change something."""
AGAIN = ["rest"]
"""What is done each time."""


def outcome(state: State) -> dict[str, object]:
    """What is left of a setup, without what tells how often something was tried."""
    kept = ("grants", "federated", "credentials", "assignments", "settings", "tags", "package", "marker")
    secrets = {name: each["contentType"] for name, each in state["secrets"].items()}
    apps = [(app["displayName"], app["requiredResourceAccess"]) for app in state["apps"]]
    principals = sorted(each["appId"] for each in state["principals"])
    return {name: state[name] for name in kept} | {"secrets": secrets, "apps": apps, "principals": principals}


def test_from_nothing_to_a_green_doctor(machine: Machine) -> None:
    """Each call, in its order; nothing that was given for a time is left, and the person was asked for two things."""
    done = machine.set_up()
    assert (done.returncode, done.stderr) == (0, "")
    assert machine.calls == GOLDEN.read_text(encoding="utf-8").splitlines()
    state = machine.state
    assert (state["assignments"], state["credentials"]) == ([], [])
    assert state["settings"]["confirmQualifications"] == "Education,GovernmentCommunityCloud,StateOwnedEntity"
    assert state["settings"]["alertEmail"] == "operators@example.com,duty@example.com"
    assert state["parameters"]["principalId"] == {"value": "me"}
    waited = [text for text in machine.asked if text.startswith(("In Partner Center", "A browser opens"))]
    assert len(waited) == 2


def test_it_says_what_it_does_and_no_secret(machine: Machine) -> None:
    """Each step, each command that changes something; what a secret is, is in no command and no output."""
    done = machine.set_up()
    steps = [line for line in done.stdout.splitlines() if "/16  " in line]
    assert [line.split("/")[0] for line in steps] == [str(number) for number in range(1, 17)]
    said = [line for line in done.stdout.splitlines() if line.startswith("      az ")]
    assert len(said) == len(machine.changes)
    secrets = ["hush-", *(each["value"] for each in machine.state["secrets"].values())]
    assert len(secrets) == 3
    for secret in secrets:
        assert secret not in done.stdout + done.stderr + str(machine.azure.calls) + machine.read("setup.json")


def test_again_it_asks_nothing_and_changes_nothing(machine: Machine) -> None:
    """But for the references, which the app reads again."""
    machine.set_up()
    before = outcome(machine.state)
    done = machine.set_up()
    assert (done.returncode, machine.asked, machine.changes) == (0, [], AGAIN)
    assert outcome(machine.state) == before


def test_the_number_of_changes_is_known() -> None:
    """The next test breaks off after each of them: the calls, and those of the service's own commands."""
    calls = [call.split(" -")[0].removeprefix("az ") for call in GOLDEN.read_text(encoding="utf-8").splitlines()]
    assert len([call for call in calls if call in CHANGES]) + OWN == CHANGES_MADE


@pytest.mark.parametrize("number", range(1, CHANGES_MADE + 1))
def test_broken_off_after_any_change_it_goes_on(machine: Machine, undisturbed: dict[str, object], number: int) -> None:
    """The process is killed, cleans nothing up, and a deployment goes on in Azure; the end is the same as without."""
    assert machine.set_up(die=number).returncode == KILLED
    done = machine.set_up()
    assert (done.returncode, done.stderr) == (0, "")
    assert outcome(machine.state) == undisturbed
    assert machine.state["sign_ins"] == 1


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """How it ends where nothing happens."""
    whole = Machine(tmp_path_factory.mktemp("whole"))
    assert whole.set_up().returncode == 0
    whole.close()
    return outcome(whole.state)
