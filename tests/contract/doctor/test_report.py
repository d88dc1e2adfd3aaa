"""The app's own report over HTTP: what its answers mean to the doctor."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import pytest

from qualification.doctor.deployed import Deployed
from qualification.doctor.diagnosis import Diagnosis, Finding
from qualification.doctor.report import NAME, report
from qualification.settings.key_vault_reference import UNRESOLVED
from tests.contract.doctor.conftest import WELL
from tests.contract.partner_center.wire_server import WireServer
from tests.unit.doctor.deployed_apps import deployed

AWAY = "cannot be reached; the log says why"


def app(server: WireServer) -> Deployed:
    """An app that the server stands for."""
    return replace(deployed(), host=urlsplit(server.url).netloc)


async def rows(
    server: WireServer, status: str, checks: Mapping[str, Any], told: tuple[str, ...] = ()
) -> list[Diagnosis]:
    """What is said of a report."""
    code = "503 Service Unavailable" if status == "unhealthy" else "200 OK"
    server.answers(json.dumps({"status": status, "checks": {**WELL, **checks}}).encode(), status=code)
    return await report(app(server), told)


async def test_a_healthy_app_is_one_row(server: WireServer) -> None:
    """Asked once, at its own address."""
    [row] = await rows(server, "healthy", {})
    assert (row.name, row.finding, row.remedy) == (NAME, Finding.OK, "")
    assert [request.split(b" ")[1] for request in server.requests] == [b"/api/health"]


@pytest.mark.parametrize(
    ("check", "name", "role"),
    [
        ("recordStore", "Record store", "Qualification records"),
        ("serviceBus", "Service Bus", "Azure Service Bus Data Sender"),
    ],
)
async def test_what_the_app_cannot_reach_names_its_role(server: WireServer, check: str, name: str, role: str) -> None:
    """It is the app's own identity that asked."""
    whole, row = await rows(server, "unhealthy", {check: AWAY})
    assert (whole.finding, whole.detail) == (Finding.FAULT, "it is unhealthy")
    assert (row.name, row.finding, row.detail) == (name, Finding.FAULT, AWAY)
    assert f"Give the app's identity the role {role}" in row.remedy


async def test_a_missing_store_is_not_a_matter_of_roles(server: WireServer) -> None:
    """Where it is gone, or was never made."""
    missing = "There is no record store. In a new installation, make one with `python -m qualification create-store`."
    _, row = await rows(server, "unhealthy", {"recordStore": missing})
    assert row.detail == missing
    assert "There is no record store" in row.remedy
    assert "role" not in row.remedy


async def test_a_setting_is_told_once(server: WireServer) -> None:
    """What was found from here already is not repeated."""
    faults = {"WEBHOOK_STANDARD_SECRETS": "holds a secret that is none", "WEBHOOK_HUBSPOT_URL": "is missing"}
    _, row = await rows(server, "degraded", {"sources": faults}, ("WEBHOOK_HUBSPOT_URL",))
    assert (row.name, row.detail) == ("App setting WEBHOOK_STANDARD_SECRETS", faults["WEBHOOK_STANDARD_SECRETS"])


async def test_a_reference_that_the_app_has_not_read_since_is_read_again(server: WireServer) -> None:
    """Azure says that it is resolved, and the app still has its text."""
    _, row = await rows(server, "unhealthy", {"settings": {"PARTNER_CENTER_CLIENT_SECRET": UNRESOLVED}})
    assert row.finding is Finding.FAULT
    assert "configreferences/appsettings/refresh" in row.remedy
    assert "APP" not in row.remedy


@pytest.mark.parametrize(
    ("status", "body", "finding", "remedy"),
    [
        ("403 Forbidden", b"<html>", Finding.NOT_CHECKED, "ALLOWED_ADDRESSES"),
        ("404 Not Found", b"", Finding.FAULT, "docs/deploy.md"),
        ("503 Service Unavailable", b"<html>", Finding.FAULT, "log"),
        ("200 OK", b"[]", Finding.FAULT, "log"),
        ("200 OK", b'{"checks": 1}', Finding.FAULT, "log"),
    ],
)
async def test_what_is_no_report_says_what_stands_in_its_place(
    server: WireServer, status: str, body: bytes, finding: Finding, remedy: str
) -> None:
    """Azure's own pages, an app without code, and one that does not start."""
    server.answers(body, status=status)
    [row] = await report(app(server), ())
    assert row.finding is finding
    assert remedy in row.remedy


async def test_an_app_that_this_machine_cannot_reach_is_not_checked() -> None:
    """It may well answer others."""
    [row] = await report(replace(deployed(), host="127.0.0.1:1"), ())
    assert row.finding is Finding.NOT_CHECKED
