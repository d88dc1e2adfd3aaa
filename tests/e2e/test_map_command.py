"""`python -m qualification map`, as somebody runs it who has a payload and a settings file."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from qualification.webhooks.registry import SOURCES
from sandbox.crm import BUILDERS
from sandbox.host_process import ROOT
from tests.e2e.command_process import FAULTS, environment

CUSTOMER = "2a14b164-f983-4048-92e1-4f9591b87445"
SCHOOL = {"customerTenantId": CUSTOMER, "qualification": "Education", "educationSegment": "K12"}


def run_map(*arguments: str, payload: bytes, settings: dict[str, str] | None = None) -> tuple[int, str, str]:
    """Exit code, output and errors of the command."""
    done = subprocess.run(  # noqa: S603  our own module, no shell
        [sys.executable, "-m", "qualification", "map", *arguments],
        cwd=ROOT,
        env=environment(settings or {}),
        input=payload,
        capture_output=True,
        check=False,
        timeout=120,
    )
    return done.returncode, done.stdout.decode(), " ".join(done.stderr.decode().split())


@pytest.mark.parametrize("source", SOURCES)
def test_a_payload_of_each_source_is_mapped_without_its_secret(source: str, tmp_path: Path) -> None:
    """The settings come from a file that an editor of Windows has saved; nothing else need be set."""
    settings = SOURCES[source].sample.settings()
    call = BUILDERS[source](SCHOOL, settings, "evt-1")
    del settings[f"WEBHOOK_{source.upper()}_SECRETS"]
    file = tmp_path / "local.settings.json"
    file.write_text(json.dumps({"IsEncrypted": False, "Values": settings}), encoding="utf-8-sig")
    code, output, errors = run_map(source, "--settings", str(file), "--json", payload=call.body)
    assert (code, errors) == (0, "")
    [event] = json.loads(output)["events"]
    assert event["outcome"] == "accepted"
    becomes = {field["field"]: field["becomes"] for field in event["fields"]}
    assert {name: becomes[name] for name in SCHOOL} == SCHOOL


def test_what_it_cannot_do_is_one_sentence() -> None:
    """An unknown source, an empty payload, no mapping, one that cannot be right."""
    code, output, errors = run_map("sugar", payload=b"{}")
    assert (code, output) == (FAULTS, "")
    assert errors == "There is no source sugar; known are: dataverse, hubspot, salesforce, standard."
    assert run_map("standard", payload=b" \n")[2] == (
        "Nothing came on standard input: python -m qualification map SOURCE < payload"
    )
    assert run_map("hubspot", payload=b"{}")[2] == (
        "WEBHOOK_HUBSPOT_FIELDS is not set, so nothing can be mapped: name its file with --settings."
    )
    code, _, errors = run_map("hubspot", payload=b"{}", settings={"WEBHOOK_HUBSPOT_FIELDS": "{}"})
    assert code == FAULTS
    assert "WEBHOOK_HUBSPOT_FIELDS: customerTenantId is missing" in errors


def test_a_payload_that_cannot_work_says_so_to_a_person_and_a_script() -> None:
    """With the exit code of a fault."""
    code, output, _ = run_map("standard", payload=json.dumps(SCHOOL | {"educationSegment": "Kindergarten"}).encode())
    assert code == FAULTS
    assert "educationSegment: Kindergarten" in output
    assert "WEBHOOK_STANDARD_FIELDS" in output
