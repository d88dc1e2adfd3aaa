"""What the real runtime makes of function_app.py."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.runtime.app_settings import lonely_settings
from tests.runtime.worker import ROOT, cold

HTTP = {
    "receive_webhook": ("webhooks/{source}", ["POST"], "ANONYMOUS"),
    "request_qualification": ("customers/{customer_id}/qualifications", ["POST"], "FUNCTION"),
    "list_customer_qualifications": ("customers/{customer_id}/qualifications", ["GET"], "FUNCTION"),
    "get_qualification": ("customers/{customer_id}/qualifications/{request_id}", ["GET"], "FUNCTION"),
    "act_on_qualification": ("customers/{customer_id}/qualifications/{request_id}/{action}", ["POST"], "FUNCTION"),
    "hold": ("hold", ["GET", "POST"], "FUNCTION"),
    "resume": ("hold/resume", ["POST"], "FUNCTION"),
    "health": ("health", ["GET"], "ANONYMOUS"),
    "openapi": ("openapi.json", ["GET"], "ANONYMOUS"),
    "problems": ("problems", ["GET"], "ANONYMOUS"),
}


@pytest.fixture(scope="module")
def bindings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, Any]]]:
    """The raw bindings by function name."""
    found: dict[str, list[dict[str, Any]]] = cold(lonely_settings(tmp_path_factory.mktemp("app")))["bindings"]
    return found


def test_the_app_has_its_functions_and_imports_nothing_heavy() -> None:
    """Indexed in a fresh interpreter without any app setting: a cold start must not pay for Azure's clients."""
    done = subprocess.run(  # noqa: S603  our own module
        [sys.executable, "-m", "sandbox.functions_host.indexing", str(ROOT)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["functions"] == sorted([*HTTP, "submit_request", "advance_requests"])
    assert found["modules"] == []


@pytest.mark.parametrize("name", HTTP)
def test_an_http_function_has_its_route_methods_and_level(bindings: dict[str, list[dict[str, Any]]], name: str) -> None:
    """As documented; only webhooks, health and what describes the API are open to anybody."""
    route, methods, level = HTTP[name]
    trigger = next(each for each in bindings[name] if each["type"] == "httpTrigger")
    assert (trigger["route"], trigger["methods"], trigger["authLevel"]) == (route, methods, level)
    assert {each["type"] for each in bindings[name]} == {"httpTrigger", "http"}


def test_the_queue_function_is_bound_through_app_settings(bindings: dict[str, list[dict[str, Any]]]) -> None:
    """Connection and queue come from settings, one message at a time, and nothing is put out by the binding."""
    (trigger,) = bindings["submit_request"]
    assert trigger["type"] == "serviceBusTrigger"
    assert trigger["connection"] == "ServiceBusConnection"
    assert trigger["queueName"] == "%QUALIFICATION_QUEUE%"
    assert str(trigger.get("cardinality", "one")).lower() == "one"
    assert not trigger.get("isSessionsEnabled")


def test_the_timer_function_takes_its_schedule_from_an_app_setting(bindings: dict[str, list[dict[str, Any]]]) -> None:
    """It runs on schedule only, and a run that was missed is made up for."""
    (trigger,) = bindings["advance_requests"]
    assert trigger["type"] == "timerTrigger"
    assert trigger["schedule"] == "%ADVANCE_SCHEDULE%"
    assert not trigger.get("runOnStartup")
    assert trigger.get("useMonitor") is not False


def test_every_setting_of_a_binding_is_in_the_sandbox_settings(
    bindings: dict[str, list[dict[str, Any]]], tmp_path: Path
) -> None:
    """A host does not start where one is missing."""
    named = {
        value.strip("%")
        for all_of_it in bindings.values()
        for each in all_of_it
        for value in each.values()
        if isinstance(value, str) and value.startswith("%")
    }
    assert named | {"ServiceBusConnection"} <= set(lonely_settings(tmp_path))
