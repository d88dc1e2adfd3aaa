"""infra/parameters.py fills the parameters as azd does."""

import json
import subprocess
import sys
from typing import Any

import pytest

from infra.parameters import filled, kinds
from tests.infra.deployed import INFRA, compiled

SET = {
    "AZURE_ENV_NAME": "test",
    "AZURE_LOCATION": "swedencentral",
    "PARTNER_CENTER_TENANT_ID": "22222222-2222-4222-8222-222222222222",
    "PARTNER_CENTER_CLIENT_ID": "33333333-3333-4333-8333-333333333333",
    "ALERT_EMAIL": "operators@example.com",
}
TYPES = {"string": "string", "securestring": "string", "bool": "bool", "int": "int", "array": "array"}


def run(environment: dict[str, str], *layer: str) -> subprocess.CompletedProcess[str]:
    """The script in that environment."""
    return subprocess.run(  # noqa: S603  our own interpreter and script
        [sys.executable, INFRA / "parameters.py", *layer], check=False, capture_output=True, text=True, env=environment
    )


def values(environment: dict[str, str]) -> Any:
    """What the script prints, by parameter."""
    return {name: each["value"] for name, each in json.loads(run(SET | environment).stdout)["parameters"].items()}


@pytest.mark.parametrize("layer", ["main", "bootstrap"])
def test_what_is_declared_is_read_as_the_compiler_reads_it(layer: str) -> None:
    """The script looks at the template's text, because azd's users need have no compiler of their own."""
    declared = compiled(layer)["parameters"]
    wanted = {name: TYPES.get(each.get("type", ""), "object") for name, each in declared.items()}
    assert kinds((INFRA / f"{layer}.bicep").read_text(encoding="utf-8")) == wanted


def test_values_come_from_the_environment() -> None:
    """Each becomes what the template declares: a switch, a number, a list and not their texts."""
    subscriptions = [{"name": "shop", "sqlFilter": "status = 'Approved'"}]
    found = values(
        {"VNET_ENABLED": "true", "WEBHOOK_SOURCES": "standard", "DAILY_QUOTA_GB": "5"}
        | {"EVENT_SUBSCRIPTIONS": json.dumps(subscriptions)}
    )
    assert (found["environmentName"], found["webhookSources"]) == ("test", "standard")
    assert (found["vnetEnabled"], found["dailyQuotaGb"], found["eventSubscriptions"]) == (True, 5, subscriptions)


def test_what_is_not_set_has_its_default() -> None:
    """An empty variable counts as not set, which is how a pipeline passes one that nobody has set."""
    found = values({"VNET_ENABLED": ""})
    assert (found["vnetEnabled"], found["maximumInstanceCount"], found["eventSubscriptions"]) == (False, 40, [])
    assert json.loads(run(SET, "bootstrap").stdout)["parameters"]["principalId"] == {"value": ""}


def test_what_is_written_in_the_file_as_json_stays() -> None:
    """Objects, numbers and switches, as the guide says; texts inside are filled as well."""
    content = {
        "parameters": {"a": {"value": {"FIELDS": "{}", "URL": "${HOST}/x"}}, "b": {"value": 5}, "c": {"value": True}}
    }
    given = filled(content, {"a": "object", "b": "int", "c": "bool"}, {"HOST": "https://example.com"})
    assert given["parameters"] == {
        "a": {"value": {"FIELDS": "{}", "URL": "https://example.com/x"}},
        "b": {"value": 5},
        "c": {"value": True},
    }


@pytest.mark.parametrize(
    ("name", "value", "kind"),
    [
        ("VNET_ENABLED", "yes", "bool"),
        ("DAILY_QUOTA_GB", "much", "int"),
        ("DAILY_QUOTA_GB", "true", "int"),
        ("EVENT_SUBSCRIPTIONS", "{}", "array"),
    ],
)
def test_a_value_of_another_kind_is_refused_in_words(name: str, value: str, kind: str) -> None:
    """Here, and not by Azure after ten minutes."""
    done = run(SET | {name: value})
    assert (done.returncode, done.stdout) == (1, "")
    assert f"of the kind {kind}" in done.stderr
    assert value in done.stderr


def test_missing_variables_are_named_all_at_once() -> None:
    """Nobody should have to run a deployment five times to learn five names."""
    done = run({})
    assert (done.returncode, done.stdout) == (1, "")
    assert all(name in done.stderr for name in SET)
