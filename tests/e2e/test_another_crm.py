"""A CRM more is a room and a line of the registry: everything else finds it, up to the event that subscribers get."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import pytest

from sandbox.host_process import ROOT
from tests.e2e import acme
from tests.e2e.customer import Customer
from tests.e2e.eventually import eventually
from tests.e2e.problem_details import problem_of
from tests.e2e.service import EDUCATION, Service
from tests.e2e.subscriber import Subscriber
from tests.e2e.world import World

LINE = '    "acme",\n'


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This project with the fifth CRM: one file and one line more than it has."""
    folder = tmp_path_factory.mktemp("project")
    for part in ("qualification", "sandbox", "tools"):
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    for file in ("function_app.py", "host.json"):
        shutil.copy(ROOT / file, folder / file)
    webhooks = folder / "qualification" / "webhooks"
    (webhooks / acme.Acme.name).mkdir()
    shutil.copy(acme.__file__, webhooks / acme.Acme.name / "__init__.py")
    registry = webhooks / "registry.py"
    before, after = registry.read_text("utf-8").split("ROOMS = (\n")
    registry.write_text(f"{before}ROOMS = (\n{LINE}{after}", "utf-8")
    shutil.copytree(ROOT / "docs" / "reference", folder / "docs" / "reference")
    shutil.copy(ROOT / "docs" / "problems.md", folder / "docs" / "problems.md")
    # What `make documents` runs after such a change.
    subprocess.run([sys.executable, "-m", "tools.documents"], cwd=folder, check=True)
    return folder


@pytest.fixture(scope="module")
def extended(world: World, project: Path) -> Service:
    """A service of that project, with settings for the CRM."""
    return world.service(app=project, also=acme.new_settings())


def sent(
    extended: Service, project: Path, folder: Path, customer: Customer, *options: str
) -> subprocess.CompletedProcess[str]:
    """What `python -m sandbox webhook acme` of that project says."""
    settings = folder / "settings.json"
    settings.write_text(json.dumps({"Values": extended.settings}))
    command = [sys.executable, "-m", "sandbox", "webhook", "acme", "--customer", customer.id, *options]
    command += ["--url", extended.url, "--settings", str(settings)]
    return subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)  # noqa: S603  our own command


def test_its_event_ends_in_a_decision(
    extended: Service, project: Path, customer: Customer, events: Subscriber, tmp_path: Path
) -> None:
    """The sandbox pretends to be it, the service believes it and answers in its words; subscribers hear the rest."""
    done = sent(extended, project, tmp_path, customer)
    assert (done.returncode, done.stdout.splitlines()[1:]) == (0, ["200 OK", "ROGER"]), done.stderr
    events.hears(customer.id, "InReview", "Approved")
    [resource] = extended.list(customer.id)
    assert resource["source"] == "acme"
    assert customer.effective_posts == 1


def test_its_bad_data_is_told_to_subscribers(
    extended: Service, project: Path, customer: Customer, events: Subscriber, tmp_path: Path
) -> None:
    """As its replies want it."""
    done = sent(extended, project, tmp_path, customer, "--segment", "Kindergarten")
    assert done.stdout.splitlines()[1:] == ["200 OK", "ROGER"], done.stderr
    eventually(lambda: events.news(customer.id) == ["request-rejected"])
    [event] = events.received(customer.id)
    assert event.envelope["source"] == "/webhooks/acme"
    assert extended.list(customer.id) == []


def test_whoever_cannot_prove_to_be_it_is_refused(extended: Service, customer: Customer) -> None:
    """401 and nothing stored."""
    call = acme.build({"customerTenantId": customer.id, **EDUCATION}, acme.new_settings())
    problem_of(extended.call("POST", call.path, call.body, call.headers, key=False), 401, "sender-not-proven")
    assert extended.list(customer.id) == []


def test_the_served_document_knows_it(extended: Service) -> None:
    """Its address, its proof and the form of its answers."""
    document = extended.call("GET", "/api/openapi.json", key=False).json()
    webhook = document["paths"]["/api/webhooks/{source}"]["post"]
    assert "acme" in webhook["parameters"][0]["schema"]["enum"]
    assert {"acmeSecret": []} in webhook["security"]
    assert document["components"]["securitySchemes"]["acmeSecret"]["name"] == "x-webhook-secret"
    assert "text/plain" in webhook["responses"]["200"]["content"]


def test_its_payload_can_be_mapped_from_the_command_line(project: Path, tmp_path: Path) -> None:
    """`python -m qualification map acme` of that project, without its secret."""
    settings = acme.new_settings()
    call = acme.build({"customerTenantId": str(uuid4()), **EDUCATION}, settings)
    file = tmp_path / "settings.json"
    file.write_text(json.dumps({"Values": {"WEBHOOK_ACME_FIELDS": settings["WEBHOOK_ACME_FIELDS"]}}))
    command = [sys.executable, "-m", "qualification", "map", "acme", "--settings", str(file)]
    done = subprocess.run(command, cwd=project, input=call.body, capture_output=True, check=False)  # noqa: S603  as above
    assert done.returncode == 0, done.stderr
    assert "It asks for a qualification: answered 200" in done.stdout.decode()


def test_a_fault_in_its_settings_is_named(world: World, project: Path) -> None:
    """Secrets without a mapping, as of any other CRM."""
    settings = {"WEBHOOK_ACME_SECRETS": acme.new_settings()["WEBHOOK_ACME_SECRETS"]}
    faulty = world.service(app=project, also=settings)
    checks = faulty.call("GET", "/api/health", key=False).json()["checks"]
    assert checks["sources"].keys() == {"WEBHOOK_ACME_FIELDS"}
