"""The recipe of docs/crm for a spreadsheet, run against a running service."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sandbox.host_process import ROOT
from tests.e2e.customer import Customer
from tests.e2e.service import Service
from tests.e2e.world import World

SCRIPT = ROOT / "docs" / "crm" / "recipes" / "spreadsheet.py"
COLUMNS = ("tenantId", "qualification", "segment", "website")


def ask(file: Path, service: Service, key: str | None = None) -> tuple[int, list[str]]:
    """Exit code and lines of the script."""
    variables = {"SERVICE_APP_URL": f"{service.url}/", "SERVICE_KEY": service.keys[0] if key is None else key}
    done = subprocess.run(  # noqa: S603  this project's own script
        [sys.executable, SCRIPT, file],
        env=os.environ | variables,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, (done.stdout or done.stderr).splitlines()


@pytest.mark.parametrize("separator", [",", ";"])
def test_each_row_is_asked_for_once_however_often_the_sheet_is_sent(
    service: Service, world: World, tmp_path: Path, separator: str
) -> None:
    """As Excel saves it: a byte order mark, commas or semicolons; blanks around a value are no part of it."""
    school, railway = Customer(world.partner_center), Customer(world.partner_center)
    file = tmp_path / "customers.csv"
    rows = [
        COLUMNS,
        (school.id, "Education ", " K12", "contoso.edu"),
        (railway.id, "StateOwnedEntity", "", "x.example"),
    ]
    file.write_text("\n".join(map(separator.join, rows)), encoding="utf-8-sig")
    code, lines = ask(file, service)
    assert code == 0, lines
    assert [line.split()[:2] for line in lines] == [[school.id, "202"], [railway.id, "202"]]
    assert ask(file, service)[0] == 0
    assert [len(service.list(each.id)) for each in (school, railway)] == [1, 1]
    assert service.list(school.id)[0]["requested"] == {"educationSegment": "K12", "website": "contoso.edu"}


def test_a_row_that_is_refused_says_why_and_the_others_go_on(service: Service, world: World, tmp_path: Path) -> None:
    """With an exit code for scripts."""
    customer = Customer(world.partner_center)
    file = tmp_path / "customers.csv"
    rows = [COLUMNS, (customer.id, "Education", "Kindergarten", ""), (customer.id, "StateOwnedEntity", "", "")]
    file.write_text("\n".join(map(",".join, rows)))
    code, lines = ask(file, service)
    assert code == 1
    assert lines[0].startswith(f"{customer.id} 422 educationSegment must be")
    assert lines[1].startswith(f"{customer.id} 202")
    assert ask(file, service, key="wrong") == (1, [f"{customer.id} 401 the key is missing or wrong"] * 2)


def test_a_sheet_without_the_columns_is_told_so(service: Service, tmp_path: Path) -> None:
    """Before anything is asked for."""
    file = tmp_path / "customers.csv"
    file.write_text("tenant,kind\n1,2\n")
    code, [line] = ask(file, service)
    assert code == 1
    assert line == "The first line must name the columns: tenantId, qualification, segment, website."
