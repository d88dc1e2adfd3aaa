"""What has changed since the last run is done, and the rest is left alone."""

import pytest

from tests.setup.machine import Machine

pytestmark = pytest.mark.timeout(600)
"""Each run of setup starts some fifty processes, which take their time on a busy machine."""

CODE = ["functionapp deployment source config-zip", "tag update"]


@pytest.fixture
def running(machine: Machine) -> Machine:
    """Where the service has been set up."""
    assert machine.set_up().returncode == 0
    return machine


def test_new_code_is_deployed(running: Machine) -> None:
    """An upgrade; and going back deploys the package that was kept, as it was built then."""
    kept = running.folder / "packages" / "1.zip"
    running.write("code", "2")
    assert running.set_up().returncode == 0
    assert running.changes == [*CODE, "rest"]
    before = kept.stat().st_mtime_ns
    running.write("code", "1")
    assert running.set_up().returncode == 0
    assert running.changes == [*CODE, "rest"]
    assert kept.stat().st_mtime_ns == before
    assert sorted(file.name for file in kept.parent.iterdir()) == ["1.zip", "2.zip"]


def test_another_answer_is_deployed(running: Machine) -> None:
    """The last step of the guide: requests go without a person's word."""
    running.answer(CONFIRM_QUALIFICATIONS="")
    assert running.set_up().returncode == 0
    # The templates take the tag off that says which code is there.
    assert running.changes == ["deployment group create", *CODE, "rest"]
    assert running.state["settings"]["confirmQualifications"] == ""


@pytest.mark.parametrize("name", ["test", "test-1764230000"])
def test_what_somebody_else_has_deployed_since_is_replaced(running: Machine, name: str) -> None:
    """The pipeline, or azd, with settings of their own."""
    newest = {"provisioningState": "Succeeded", "timestamp": "2026-11-28T00:00:00.000000+00:00", "outputs": {}}
    running.state["deployments"]["group"][name] = {"name": name, "properties": newest}
    assert running.set_up().returncode == 0
    assert "deployment group create" in running.changes


@pytest.mark.parametrize("scope", ["sub", "group"])
def test_a_deployment_that_failed_is_made_again(running: Machine, scope: str) -> None:
    """Azure takes what is there already for what it is."""
    for each in running.state["deployments"][scope].values():
        each["properties"]["provisioningState"] = "Failed"
    assert running.set_up().returncode == 0
    assert running.changes[0] == f"deployment {scope} create"


def test_another_crm_gets_its_secret(running: Machine) -> None:
    """HubSpot chooses its own, so it is asked for; the others are made, and given to nobody by this command."""
    running.write("person", '{"The client secret of your HubSpot app": "of HubSpot"}')
    running.answer(WEBHOOK_SOURCES="standard,hubspot,dataverse")
    before = running.state["secrets"]["webhook-standard"]
    assert running.set_up().returncode == 0
    secrets = running.state["secrets"]
    assert secrets["webhook-standard"] == before
    assert secrets["webhook-hubspot"]["value"] == "of HubSpot"
    assert len(secrets["webhook-dataverse"]["value"]) == 43
    assert before["value"].startswith("whsec_")
    assert running.asked == ["The client secret of your HubSpot app"]


def test_another_identity_is_trusted_instead(running: Machine) -> None:
    """The group was deleted, and made again: the credential of that name is of the old one."""
    running.state["federated"][0]["subject"] = "the one before"
    assert running.set_up().returncode == 0
    assert running.changes == ["ad app federated-credential update", "rest"]
    assert [each["subject"] for each in running.state["federated"]] == ["the service"]


def test_a_client_secret_in_the_vault_instead_of_trust(machine: Machine) -> None:
    """The fallback; a secret that a setup left which died before it could store it is taken away."""
    machine.answer(CLIENT_SECRET_IN_VAULT=True, WEBHOOK_SOURCES="")
    state = machine.state
    state["credentials"] = [{"displayName": "service", "keyId": "left"}, {"displayName": "mine", "keyId": "other"}]
    assert machine.set_up().returncode == 0
    assert machine.state["federated"] == []
    assert machine.state["secrets"]["partner-center-client-secret"]["value"].startswith("hush-")
    assert [each["displayName"] for each in machine.state["credentials"]] == ["mine", "service"]
    assert "rest" in machine.changes
    machine.set_up()
    assert machine.changes == ["rest"]


def test_the_private_profile_registers_its_provider(machine: Machine) -> None:
    """No template names it."""
    machine.answer(VNET_ENABLED=True)
    assert machine.set_up().returncode == 0
    assert machine.state["provider"] == "Registered"
    assert machine.state["settings"]["vnetEnabled"] is True
    machine.set_up()
    assert machine.changes == ["rest"]


def test_another_subscription_is_chosen(machine: Machine) -> None:
    """Of those that the person may use."""
    user = {"name": "me@example.com", "type": "user"}
    machine.state.update({"account": {"id": "another", "tenantId": "t", "user": user}})
    machine.answer(AZURE_SUBSCRIPTION_ID="s", PARTNER_CENTER_TENANT_ID="t")
    assert machine.set_up().returncode == 0
    assert machine.changes[0] == "account set"
    assert machine.state["account"]["id"] == "s"
