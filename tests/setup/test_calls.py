"""What the other ways ask of the Azure CLI, beside the plain one: make azure-commands has the real CLI parse it all."""

from pathlib import Path

import pytest

from tests.setup.machine import KILLED, Machine

pytestmark = pytest.mark.timeout(600)
"""Each run of setup starts some fifty processes, which take their time on a busy machine."""

PLAIN, OTHER = (Path(__file__).with_name(name) for name in ("calls.txt", "other_calls.txt"))


def lines(file: Path) -> set[str]:
    """The calls in a file."""
    return set(file.read_text(encoding="utf-8").splitlines())


def test_no_call_is_left_unparsed(machine: Machine) -> None:
    """Another subscription, the private profile, a client secret, deployments that outlive their setup, another identity."""
    user = {"name": "me@example.com", "type": "user"}
    machine.state["account"] = {"id": "another", "tenantId": "t", "user": user}
    machine.state["credentials"] = [{"displayName": "service", "keyId": "left"}]
    machine.answer(
        AZURE_SUBSCRIPTION_ID="s", PARTNER_CENTER_TENANT_ID="t", VNET_ENABLED=True, CLIENT_SECRET_IN_VAULT=True
    )
    asked: set[str] = set()

    def set_up(die: int = 0) -> None:
        assert machine.set_up(die=die).returncode == (KILLED if die else 0)
        asked.update(machine.calls)

    set_up(die=8)
    assert machine.calls[-1].startswith("az deployment sub create ")
    set_up(die=1)
    assert machine.calls[-1].startswith("az deployment group create ")
    set_up()
    identity = {"name": "service-test", "subject": "the one before", "issuer": "", "audiences": []}
    machine.state["federated"] = [identity]
    machine.answer(CLIENT_SECRET_IN_VAULT=False)
    set_up()
    # What differs in names only is parsed already.
    known = {shape(call) for call in lines(PLAIN)}
    assert {call for call in asked if shape(call) not in known} == lines(OTHER)


def shape(call: str) -> tuple[str, ...]:
    """The command and the names of its options."""
    words = call.split()
    return (call.partition(" -")[0], *(word for word in words if word.startswith("-")))
