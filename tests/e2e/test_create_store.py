"""The record store is made by a person, once; the service never makes one, and never takes another one for its own."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.e2e.command_process import ALL_WELL, FAULTS, run
from tests.e2e.customer import Customer
from tests.e2e.problem_details import problem_of
from tests.e2e.service import STATE_OWNED, Service
from tests.e2e.world import World

OF_VERSION_01 = (
    "CREATE TABLE rows (shard TEXT NOT NULL, key TEXT NOT NULL, etag TEXT NOT NULL, value TEXT NOT NULL, "
    "PRIMARY KEY (shard, key));"
    "INSERT INTO rows VALUES ('07', 'request|2a14b164-f983-4048-92e1-4f9591b87445|0f3a8f4e-58d2-5c0a-9a37-1c8b1f6f2a77', "
    "'e', '{}');"
)
"""A file as version 0.1 made it."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a store may be."""
    return tmp_path / "records" / "records.db"


@pytest.fixture
def service(world: World, path: Path) -> Service:
    """A service whose store is not there."""
    return world.service(RecordStorage=f"sqlite:///{path}")


def says(service: Service, customer: Customer, *words: str) -> None:
    """A webhook is answered 503, health is bad, and doctor finds a fault; each says what to do."""
    answer = service.webhook(STATE_OWNED | {"customerTenantId": customer.id})
    problem_of(answer, 503, "store-unavailable")
    health = service.call("GET", "/api/health", key=False)
    assert (health.status_code, health.json()["status"]) == (503, "unhealthy")
    code, output = run("doctor", service.settings | {"COLUMNS": "1000"})
    assert code == FAULTS
    for word in words:
        assert word in answer.json()["detail"]
        assert word in health.json()["checks"]["recordStore"]
        assert word in output


def test_a_new_store_is_made_by_hand(service: Service, customer: Customer, path: Path) -> None:
    """Once it is made the running service takes requests; making it again changes nothing; only its own setting is asked for."""
    says(service, customer, "create-store")
    assert not path.parent.exists()
    only = {"RecordStorage": service.settings["RecordStorage"]}
    assert run("create-store", only) == (ALL_WELL, "The record store is made.\n")
    accepted = service.webhook(STATE_OWNED | {"customerTenantId": customer.id})
    service.reaches(accepted, "Approved")
    assert run("create-store", only) == (ALL_WELL, "The record store was there already.\n")
    assert len(service.list(customer.id)) == 1


def test_a_store_of_version_01_is_refused(service: Service, customer: Customer, path: Path) -> None:
    """By the service and by the command, in a sentence; not a row of it is touched."""
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as older:
        older.executescript(OF_VERSION_01)
        older.commit()
        rows = older.execute("SELECT * FROM rows").fetchall()
    says(service, customer, "has no marker", "create-store", "version 0.1")
    code, output = run("create-store", service.settings)
    assert code == FAULTS
    assert "Nothing was changed" in " ".join(output.split())
    with closing(sqlite3.connect(path)) as older:
        assert older.execute("SELECT * FROM rows").fetchall() == rows


def test_a_setting_that_is_missing_is_named(path: Path) -> None:
    """Without RecordStorage there is nothing to make."""
    code, output = run("create-store", {"RecordStorage": ""})
    assert code == FAULTS
    assert "RecordStorage" in output
    assert not path.exists()
