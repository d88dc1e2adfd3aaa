"""What setup cannot do, it says: what happened, and what to do; nothing more is done."""

from typing import Any

import pytest

from tests.setup.machine import Machine

pytestmark = pytest.mark.timeout(600)
"""Each run of setup starts some fifty processes, which take their time on a busy machine."""

ACCOUNT: dict[str, Any] = {"id": "s", "tenantId": "t", "user": {"name": "me@example.com", "type": "user"}}


def stops(machine: Machine, *words: str) -> None:
    """It ends with a sentence that has these words."""
    done = machine.set_up()
    assert done.returncode == 2, done
    assert [word for word in words if word not in done.stderr] == [], done.stderr
    assert "Traceback" not in done.stderr


def app(number: int, *uris: str, name: str = "partner-test") -> dict[str, Any]:
    """An app registration that somebody has made."""
    return {
        "appId": f"their-{number}",
        "displayName": name,
        "web": {"redirectUris": list(uris)},
        "requiredResourceAccess": [],
    }


def test_the_azure_cli_is_missing(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is said where to get it."""
    (machine.folder / "az").unlink()
    monkeypatch.setenv("PATH", str(machine.folder))
    stops(machine, "az", "was not found", "install-azure-cli")


def test_an_app_is_signed_in(machine: Machine) -> None:
    """The service account cannot be signed in by a pipeline."""
    machine.state.update({"account": ACCOUNT | {"user": {"name": "x", "type": "servicePrincipal"}}})
    stops(machine, "wants a person: az login")


def test_the_subscription_is_in_another_tenant(machine: Machine) -> None:
    """Azure would refuse the identity much later."""
    machine.answer(AZURE_SUBSCRIPTION_ID="s", PARTNER_CENTER_TENANT_ID="partner")
    machine.state.update({"account": ACCOUNT})
    stops(machine, "is in the tenant t", "partner", "setup.json", "docs/deploy.md")


def test_a_crm_is_unknown(machine: Machine) -> None:
    """Its secret would be made, and nobody would read it."""
    machine.answer(WEBHOOK_SOURCES="standard,pipedrive")
    stops(machine, "no CRM pipedrive", "WEBHOOK_SOURCES")
    assert machine.changes == ["login"]


def test_what_the_cli_says_is_shown(machine: Machine) -> None:
    """With the command, so that a person can look for it; run again, setup goes on there."""
    machine.state.update({"refuses": {"ad app permission admin-consent": "Insufficient privileges"}})
    stops(machine, "az ad app permission admin-consent --id app-1", "Insufficient privileges")
    machine.state.update({"refuses": {}})
    assert machine.set_up().returncode == 0
    assert machine.changes[:2] == ["ad app permission admin-consent", "deployment sub create"]


def test_an_app_of_this_name_is_not_the_services(machine: Machine) -> None:
    """It cannot have been made by setup, so nothing is changed in it."""
    machine.state.update({"apps": [app(1)]})
    stops(machine, "their-1", "http://localhost:8400")


def test_two_apps_have_this_name(machine: Machine) -> None:
    """A person says which one it is; one whose name only begins so is none of them."""
    apps = [app(1, "http://localhost:8400"), app(2, "http://localhost:8400"), app(3, name="partner-test-2")]
    machine.state.update({"apps": apps})
    stops(machine, "2 apps", "their-1, their-2", "PARTNER_CENTER_CLIENT_ID")
    machine.answer(PARTNER_CENTER_CLIENT_ID="their-2")
    assert machine.set_up().returncode == 0
    assert "their-2" in [each["appId"] for each in machine.state["principals"]]


def test_an_app_that_is_named_is_not_there(machine: Machine) -> None:
    """No other one is made in its place."""
    machine.answer(PARTNER_CENTER_CLIENT_ID="their-1")
    stops(machine, "no app their-1", "setup.json")
    assert machine.state["apps"] == []


def test_answers_do_not_fit_the_templates(machine: Machine) -> None:
    """As infra/parameters.py says it, before anything is deployed."""
    machine.answer(VNET_ENABLED="yes")
    stops(machine, "do not fit the templates", "vnetEnabled must be JSON of the kind bool")


def test_a_role_that_never_gets_good_is_taken_back(machine: Machine) -> None:
    """After ten minutes; the next run tries again."""
    machine.state.update({"role_takes": 1000})
    stops(machine, "The record store was not made", "403", "run setup again")
    assert machine.state["assignments"] == []
    assert machine.state["sign_ins"] == 0
    machine.state.update({"role_takes": 1})
    assert machine.set_up().returncode == 0


def test_a_lost_store_is_not_made_again(machine: Machine) -> None:
    """Once somebody has signed in the service may have worked: an empty store would forget what was spent."""
    machine.set_up()
    machine.state.update({"marker": False})
    stops(machine, "the doctor is not content")
    assert machine.state["marker"] is False
    assert "role assignment create" not in machine.changes
