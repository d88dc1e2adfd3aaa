"""infra/bootstrap.py asks the Azure CLI for one deployment and lets azd keep what it answers."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.infra.deployed import INFRA, compiled

SET = {
    "AZURE_ENV_NAME": "test",
    "AZURE_LOCATION": "swedencentral",
    "AZURE_SUBSCRIPTION_ID": "s",
    "VNET_ENABLED": "true",
}
SCRIPT = """#!{python}
import json, pathlib, sys
name, arguments = pathlib.Path(sys.argv[0]).name, sys.argv[1:]
given = [pathlib.Path(each[1:]).read_text() if each.startswith("@") else each for each in arguments]
with pathlib.Path(sys.argv[0]).with_name("calls").open("a") as calls:
    calls.write(json.dumps([name, *given]) + "\\n")
if name == "az":
    sys.stdout.write({answer!r})
    sys.exit({status})
"""
ANSWER = {
    # Azure does not keep the case of an output's name.
    "azurE_RESOURCE_GROUP": {"type": "String", "value": "rg-test"},
    "keY_VAULT_NAME": {"type": "String", "value": "kv-x"},
}


def run(
    folder: Path, environment: dict[str, str], *arguments: str, status: int = 0
) -> tuple[int, list[list[str]], str]:
    """The script with a scripted az and azd: its exit status, what the two were asked, and what it says."""
    for name in ("az", "azd"):
        path = folder / name
        path.write_text(
            SCRIPT.format(python=sys.executable, answer=json.dumps(ANSWER), status=status), encoding="utf-8"
        )
        path.chmod(0o755)
    done = subprocess.run(  # noqa: S603  our own interpreter and script
        [sys.executable, INFRA / "bootstrap.py", *arguments],
        check=False,
        capture_output=True,
        text=True,
        env=environment | {"PATH": f"{folder}{os.pathsep}{os.defpath}"},
    )
    calls = folder / "calls"
    lines = calls.read_text(encoding="utf-8").splitlines() if calls.exists() else []
    return done.returncode, [json.loads(line) for line in lines], done.stdout + done.stderr


def test_it_deploys_the_template_with_the_parameters_of_the_environment(tmp_path: Path) -> None:
    """At the subscription, in its region; every parameter of the template is given, each as it is declared."""
    status, ((program, *arguments),), said = run(tmp_path, SET)
    assert (status, program, arguments[:3]) == (0, "az", ["deployment", "sub", "create"])
    options = dict(zip(arguments[3::2], arguments[4::2], strict=True))
    assert (options["--location"], options["--subscription"]) == ("swedencentral", "s")
    assert Path(options["--template-file"]).samefile(INFRA / "bootstrap.bicep")
    parameters = json.loads(options["--parameters"])["parameters"]
    assert set(parameters) == set(compiled("bootstrap")["parameters"])
    assert parameters["vnetEnabled"] == {"value": True}
    assert "AZURE_RESOURCE_GROUP=rg-test" in said


def test_azd_keeps_what_it_answers(tmp_path: Path) -> None:
    """Under the outputs' names, so that azd knows the group that main.bicep goes to."""
    status, (_, *kept), _ = run(tmp_path, SET, "--once")
    assert status == 0
    assert kept == [["azd", "env", "set", name.upper(), each["value"]] for name, each in ANSWER.items()]


def test_what_is_there_is_not_made_again_by_the_hook(tmp_path: Path) -> None:
    """A table that was lost must not come back empty at the next `azd provision`."""
    status, calls, said = run(tmp_path, SET | {"AZURE_RESOURCE_GROUP": "rg-test"}, "--once")
    assert (status, calls) == (0, [])
    assert "python infra/bootstrap.py" in said


@pytest.mark.parametrize(
    ("environment", "status", "words"), [({}, 0, "Not set: AZURE_ENV_NAME"), (SET, 1, "was not run")]
)
def test_what_goes_wrong_is_said(tmp_path: Path, environment: dict[str, str], status: int, words: str) -> None:
    """A missing variable, and a refusal of Azure, which the Azure CLI has explained."""
    ended, calls, said = run(tmp_path, environment, "--once", status=status)
    assert (ended, len(calls)) == (1, status)
    assert words in said
