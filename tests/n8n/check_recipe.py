"""The recipe for n8n, imported and run by n8n itself, against the running service."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sandbox.host_process import ROOT
from tests.e2e.customer import Customer
from tests.e2e.service import Service
from tests.e2e.world import World

RECIPE = ROOT / "docs" / "crm" / "recipes" / "n8n.json"
N8N = Path(os.environ["N8N"])
"""The program; `make n8n` installs it."""
APP = "https://YOUR-APP.azurewebsites.net"
KEY = {"id": "qualificationsKey", "name": "Partner qualifications", "type": "httpHeaderAuth"}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Broker, Partner Center and subscriber."""
    with World(tmp_path_factory.mktemp("world")) as world:
        yield world


@pytest.fixture(scope="module")
def service(world: World) -> Service:
    """The service with ordinary settings."""
    return world.service()


class Instance:
    """An n8n with a database of its own.

    Args:
        folder: where it keeps everything.
        service: whose key it is given.
    """

    def __init__(self, folder: Path, service: Service) -> None:
        self._folder = folder
        self._service = service
        credential = {**KEY, "data": {"name": "x-functions-key", "value": service.keys[0]}}
        self._import("credentials", [credential])

    def run(self, **changes: Any) -> dict[str, Any]:
        """Import the recipe, with other fields of the record, and run it; what the execution says."""
        recipe = json.loads(RECIPE.read_text("utf-8").replace(APP, self._service.url))
        [fields] = [node["parameters"] for node in recipe["nodes"] if node["name"] == "Fields"]
        fields["jsonOutput"] = json.dumps(json.loads(fields["jsonOutput"]) | changes)
        self._import("workflow", recipe)
        said = self._call("execute", "--id", recipe["id"], "--rawOutput")
        execution: dict[str, Any] = json.loads(said[said.index("{\n") : said.rindex("}") + 1])
        return execution

    def _import(self, what: str, content: Any) -> None:
        file = self._folder / f"{what}.json"
        file.write_text(json.dumps(content), "utf-8")
        assert "Successfully imported 1" in self._call(f"import:{what}", f"--input={file}")

    def _call(self, *arguments: str) -> str:
        variables = {
            "N8N_USER_FOLDER": str(self._folder),
            "N8N_ENCRYPTION_KEY": "of-this-check",
            "N8N_DIAGNOSTICS_ENABLED": "false",
            "N8N_VERSION_NOTIFICATIONS_ENABLED": "false",
            "PATH": f"{os.environ['N8N_NODE']}{os.pathsep}{os.environ['PATH']}",
        }
        done = subprocess.run(  # noqa: S603  the program that the Makefile names
            [N8N, *arguments], env=os.environ | variables, capture_output=True, text=True, check=False, timeout=600
        )
        return done.stdout + done.stderr


@pytest.fixture(scope="module")
def n8n(service: Service, tmp_path_factory: pytest.TempPathFactory) -> Instance:
    """Set up once; that takes it most of a minute."""
    return Instance(tmp_path_factory.mktemp("n8n"), service)


def results(execution: dict[str, Any], node: str) -> Any:
    """What a node gave, or the error that it met."""
    [run] = execution["data"]["resultData"]["runData"][node]
    return run["data"]["main"][0][0]["json"] if run["executionStatus"] == "success" else run["error"]


def test_a_run_asks_once_however_often_it_is_repeated(n8n: Instance, service: Service, world: World) -> None:
    """The id of the record and the time of its change make the event."""
    customer = Customer(world.partner_center)
    for _ in range(2):
        execution = n8n.run(tenantId=customer.id)
        assert execution["status"] == "success"
        assert results(execution, "Ask for the qualification")["customerTenantId"] == customer.id
    [resource] = service.list(customer.id)
    assert resource["requested"]["educationSegment"] == "HigherEducation"
    assert customer.effective_posts <= 1


def test_a_record_without_a_website_asks_all_the_same(n8n: Instance, service: Service, world: World) -> None:
    """n8n hands on null for what is empty."""
    customer = Customer(world.partner_center)
    assert n8n.run(tenantId=customer.id, website=None)["status"] == "success"
    [resource] = service.list(customer.id)
    assert resource["requested"]["website"] is None


def test_bad_data_fails_the_run_with_the_problem(n8n: Instance, service: Service, world: World) -> None:
    """A person sees it among the executions."""
    customer = Customer(world.partner_center)
    execution = n8n.run(tenantId=customer.id, segment="Kindergarten")
    assert execution["status"] == "error"
    assert "educationSegment" in json.dumps(results(execution, "Ask for the qualification"))
    assert service.list(customer.id) == []
