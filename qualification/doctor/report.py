"""What a deployed app says of itself: its state, and GET /api/health, which it answers with its own identity and settings."""

from collections.abc import Collection, Iterator, Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from qualification.doctor.deployed import RUNNING, Deployed
from qualification.doctor.diagnosis import Diagnosis, Finding
from qualification.doctor.references import refresh_command
from qualification.doctor.roles import SENDER, TABLES
from qualification.settings.key_vault_reference import UNRESOLVED
from qualification.settings.service_url import HOST_NAME, default_url
from qualification.use_cases.health import Verdict

if TYPE_CHECKING:
    import httpx

NAME = "The app's own report"
PATIENCE = 40.0
"""Seconds; the first call may wait for an instance to start."""
LOG = "The log says why: docs/operate.md, functions-failing."
UNREACHABLE = {
    "recordStore": (
        "Record store",
        f"Give the app's identity the role {TABLES}, and let the app through the account's network",
    ),
    "serviceBus": ("Service Bus", f"Give the app's identity the role {SENDER} on queue and topic"),
}
"""What the report names, and what its being out of reach usually means."""


async def report(deployed: Deployed, told: Collection[str]) -> list[Diagnosis]:
    """A row on the whole, and one for each thing that the app misses.

    Args:
        deployed: the app.
        told: settings whose faults are known from elsewhere.
    """
    if deployed.state != RUNNING:
        start = f"az functionapp start --name {deployed.app} --resource-group {deployed.group}"
        return [
            Diagnosis(NAME, Finding.FAULT, f"there is none: the app's state is {deployed.state}", f"Start it: {start}")
        ]
    import httpx  # noqa: PLC0415  costs start-up time

    url = f"{default_url({HOST_NAME: deployed.host})}/api/health"
    try:
        async with httpx.AsyncClient(timeout=PATIENCE) as client:
            answer = await client.get(url)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        detail = f"{url} does not answer to this machine ({type(error).__name__})"
        return [Diagnosis(NAME, Finding.NOT_CHECKED, detail, "Ask it from a network that may call the app.")]
    return list(_rows(deployed, answer, told))


def _rows(deployed: Deployed, answer: "httpx.Response", told: Collection[str]) -> Iterator[Diagnosis]:
    found = _report(answer)
    if found is None:
        yield _no_report(answer.status_code)
        return
    status, checks = found
    healthy = status == Verdict.HEALTHY
    yield Diagnosis(
        NAME,
        Finding.OK if healthy else Finding.FAULT,
        f"it is {status}",
        "" if healthy else "The rows above and below say what to do.",
    )
    for name, said in checks.items():
        if isinstance(said, Mapping):
            yield from (_setting(deployed, each, str(fault)) for each, fault in said.items() if each not in told)
        elif said != "ok":
            yield _unreachable(name, str(said))


def _report(answer: "httpx.Response") -> tuple[str, Mapping[str, Any]] | None:
    try:
        document = answer.json()
    except ValueError:
        return None
    checks = document.get("checks") if isinstance(document, dict) else None
    return (str(document.get("status")), checks) if isinstance(checks, dict) else None


def _no_report(status: int) -> Diagnosis:
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        remedy = "Ask it from an address that ALLOWED_ADDRESSES names."
        return Diagnosis(NAME, Finding.NOT_CHECKED, f"HTTP {status}: this address may not call the app", remedy)
    if status == HTTPStatus.NOT_FOUND:
        return Diagnosis(
            NAME, Finding.FAULT, "HTTP 404: no code of this service is deployed", "Deploy it: docs/deploy.md."
        )
    return Diagnosis(NAME, Finding.FAULT, f"HTTP {status}, and nothing of this service: it does not start", LOG)


def _unreachable(name: str, said: str) -> Diagnosis:
    title, remedy = UNREACHABLE.get(name, (name, ""))
    if "create-store" in said:
        remedy = "docs/operate.md, There is no record store, has each case."
    else:
        remedy = f"{remedy}. {LOG}".removeprefix(". ")
    return Diagnosis(title, Finding.FAULT, said, remedy)


def _setting(deployed: Deployed, name: str, fault: str) -> Diagnosis:
    if fault == UNRESOLVED:
        detail = "the app still has the text of the reference, which has been resolved since"
        return Diagnosis(
            f"App setting {name}", Finding.FAULT, detail, f"Have it read again: {refresh_command(deployed)}"
        )
    return Diagnosis(f"App setting {name}", Finding.FAULT, fault, "Correct it: docs/reference/settings.md.")
