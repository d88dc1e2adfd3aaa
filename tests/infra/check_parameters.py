"""infra/parameters.py fills the parameters as azd does."""

import json
import subprocess
import sys

from tests.infra.bicep import INFRA

SET = {
    "AZURE_ENV_NAME": "test",
    "AZURE_LOCATION": "swedencentral",
    "PARTNER_CENTER_TENANT_ID": "22222222-2222-4222-8222-222222222222",
    "PARTNER_CENTER_CLIENT_ID": "33333333-3333-4333-8333-333333333333",
    "ALERT_EMAIL": "operators@example.com",
}


def run(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """The script in that environment."""
    return subprocess.run(  # noqa: S603  our own interpreter and script
        [sys.executable, INFRA / "parameters.py"], check=False, capture_output=True, text=True, env=environment
    )


def test_values_come_from_the_environment() -> None:
    """A variable that is set is used; a switch becomes a switch and not a text."""
    values = json.loads(run(SET | {"VNET_ENABLED": "true", "WEBHOOK_SOURCES": "standard"}).stdout)["parameters"]
    assert values["environmentName"] == {"value": "test"}
    assert values["vnetEnabled"] == {"value": True}
    assert values["webhookSources"] == {"value": "standard"}


def test_what_is_not_set_has_its_default() -> None:
    """An empty variable counts as not set, which is how a pipeline passes one that nobody has set."""
    values = json.loads(run(SET | {"VNET_ENABLED": ""}).stdout)["parameters"]
    assert values["vnetEnabled"] == {"value": False}
    assert values["principalId"] == {"value": ""}


def test_missing_variables_are_named_all_at_once() -> None:
    """Nobody should have to run a deployment five times to learn five names."""
    done = run({})
    assert (done.returncode, done.stdout) == (1, "")
    assert all(name in done.stderr for name in SET)
