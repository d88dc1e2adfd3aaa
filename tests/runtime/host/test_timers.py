"""Timer functions: on schedule, at the start, by hand."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from tests.runtime.host.processes import APPS, RunningHost, running_host, script_output, until


@pytest.fixture(scope="module")
def timers_host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHost]:
    """The app of timer functions."""
    with running_host(
        APPS / "timers", tmp_path_factory.mktemp("timers") / "log", {"EACH_SECOND": "* * * * * *"}
    ) as host:
        yield host


@pytest.fixture(scope="module")
def timers(timers_host: RunningHost) -> Iterator[httpx.Client]:
    """A client of it."""
    with timers_host.client() as client:
        yield client
        client.get("/api/release")


def _runs(client: httpx.Client, name: str) -> list[dict[str, object]]:
    runs: list[dict[str, object]] = client.get("/api/seen").json()[name]
    return runs


def test_a_timer_fires_on_its_schedule(timers: httpx.Client) -> None:
    """`%SETTING%` schedules work, and the function gets when it ran last and is due next, in UTC."""
    runs = until(lambda: _runs(timers, "each_second")[:2] if len(_runs(timers, "each_second")) > 1 else [])
    assert [run["past_due"] for run in runs[:2]] == [False, False]
    status = runs[1]["status"]
    assert isinstance(status, dict)
    assert set(status) == {"Last", "Next", "LastUpdated"}
    assert datetime.fromisoformat(status["Next"]) - datetime.fromisoformat(status["Last"]) > timedelta(0)
    assert datetime.fromisoformat(status["Next"]).utcoffset() == timedelta(0)


def test_run_on_startup_fires_at_the_start(timers: httpx.Client) -> None:
    """It does so once, and without a monitor there is no schedule status."""
    assert until(lambda: _runs(timers, "at_start")) == [{"past_due": False, "status": {}}]


def test_a_run_that_is_going_on_keeps_the_next_one_off(timers: httpx.Client) -> None:
    """A tick that finds a run still going is skipped, so a timer never overlaps itself."""
    until(lambda: _runs(timers, "slow"))
    ticks = len(_runs(timers, "each_second"))
    until(lambda: len(_runs(timers, "each_second")) >= ticks + 2)
    assert len(_runs(timers, "slow")) == 1


def test_a_timer_runs_by_hand_with_the_master_key(timers: httpx.Client, timers_host: RunningHost) -> None:
    """POST /admin/functions/{name} answers 202; the name has no case; the body must be a JSON object."""
    keys = {"x-functions-key": timers_host.master_key}
    before = len(_runs(timers, "yearly"))
    assert timers.post("/admin/functions/Yearly", json={"input": ""}, headers=keys).status_code == 202
    until(lambda: len(_runs(timers, "yearly")) == before + 1)
    assert timers.post("/admin/functions/yearly", content=b"", headers=keys).status_code == 400
    assert timers.post("/admin/functions/nobody", json={}, headers=keys).status_code == 404
    assert timers.post("/admin/functions/seen", json={}, headers=keys).status_code == 400


def test_the_admin_api_wants_the_master_key(timers: httpx.Client, timers_host: RunningHost) -> None:
    """No key is 401, a function key is 403."""
    assert timers.post("/admin/functions/yearly", json={}).status_code == 401
    header = {"x-functions-key": timers_host.function_key}
    assert timers.post("/admin/functions/yearly", json={}, headers=header).status_code == 403
    assert timers.get("/admin/functions").status_code == 401
    names = timers.get("/admin/functions", headers={"x-functions-key": timers_host.master_key}).json()
    assert {"name": "yearly"} in names


def test_a_host_in_this_process_has_the_same_abilities(tmp_path: Path) -> None:
    """FunctionsHost starts, fires timers, makes up for a missed run, waits for idleness and restores the environment."""
    missed = (datetime.now(UTC) - timedelta(hours=1)).isoformat()
    status = tmp_path / "status.json"
    status.write_text(json.dumps({"yearly": {"Last": missed, "Next": missed, "LastUpdated": missed}}))
    told = json.loads(script_output("in_process.py", str(APPS / "timers"), str(status)))
    assert told["past_due"] == [True, False]
    assert told["functions"] == ["at_start", "each_second", "release", "seen", "slow", "yearly"]
    assert told["error"] is None
    assert told["second_host"].startswith("This process has indexed")
    assert told["environment_restored"]
    assert told["slow_run"] == "slow was cancelled because the host stops."
    assert datetime.fromisoformat(json.loads(status.read_text())["yearly"]["Next"]) > datetime.now(UTC)
