"""All checks of a deployed app from another machine: what it says itself, and what whoever is signed in here sees.

The app's identity is nowhere but in the app. So nothing that only failed here is called a fault of the app, and nothing is written.
"""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace

from qualification.bootstrap import Service, bootstrap
from qualification.doctor import access, partner
from qualification.doctor.deployed import Deployed
from qualification.doctor.deployed_settings import is_on_an_instance, setting_rows, unread
from qualification.doctor.diagnosis import Diagnosis, Finding, SeenAs
from qualification.doctor.entities import entities
from qualification.doctor.examination import first_tokens, made
from qualification.doctor.from_here import CLIENT_SECRET, FromHere, from_here
from qualification.doctor.references import references
from qualification.doctor.report import report
from qualification.doctor.sources import sources
from qualification.domain.errors import ConfigurationError
from qualification.webhooks.registry import faults_of

SETTING_REMEDY = "Correct it: docs/reference/settings.md says what it may be."
ALERTED = "Where it fails, requests wait and somebody is alerted: docs/operate.md, access-lost."
UNPROVEN = f"it takes the app's identity, or here its client secret as {CLIENT_SECRET} in the environment"
LEFT = "it would store the next refresh token, which is left to the app"

type Say = Callable[[str], None]


async def examine_app(deployed: Deployed, client_secret: str = "", say: Say = lambda _: None) -> list[Diagnosis]:
    """Make all checks of a deployed app.

    Args:
        deployed: the app.
        client_secret: of its app registration, where the operator has one at hand.
        say: is told what is waited for.
    """
    here = from_here(deployed, client_secret)
    told = {*deployed.unresolved, *unread(deployed, here)}
    by_itself = [*references(deployed), *setting_rows(deployed, here)]
    say("Asking the app for its own report ...")
    try:
        service = bootstrap(here.environment)
    except ConfigurationError as error:
        faults = {name: fault for name, fault in error.faults.items() if name not in told}
        by_itself += [_setting(name, fault) for name, fault in faults.items()]
        by_itself += await report(deployed, told | set(faults))
        rest = Diagnosis("Records, Service Bus, Partner Center", Finding.NOT_CHECKED, "the app settings come first")
        return [*_seen(SeenAs.APP, by_itself), *_seen(SeenAs.YOU, [rest])]
    try:
        by_itself += sources(here.environment, service.closed, told)
        by_itself += await report(deployed, told | set(faults_of(service.closed)))
        return [*_seen(SeenAs.APP, by_itself), *_seen(SeenAs.YOU, await _from_here(service, here, say))]
    finally:
        await service.close()


async def _from_here(service: Service, here: FromHere, say: Say) -> list[Diagnosis]:
    checks: dict[str, Callable[[Service], Awaitable[list[Diagnosis]]]] = {
        "Record store": access.store,
        "Queue": access.queue,
        "Topic": access.topic,
        "Service Bus, entities": entities,
        partner.APP: partner.app,
        partner.TOKEN: partner.refresh_token,
    }
    not_checked = [Diagnosis(partner.ACCOUNT, Finding.NOT_CHECKED, LEFT, ALERTED)]
    if not here.proves_the_app:
        del checks[partner.APP]
        not_checked.insert(0, Diagnosis(partner.APP, Finding.NOT_CHECKED, UNPROVEN, ALERTED))
    for name, setting in {"Record store": "RecordStorage", partner.TOKEN: "PARTNER_CENTER_REFRESH_TOKEN"}.items():
        if is_on_an_instance(here.environment.get(setting, "")):
            del checks[name]  # the file is on another machine, and one of that name here is another file
    rows = await first_tokens(service, say)
    for name, check in checks.items():
        say(f"Checking {name} ...")
        rows += await made(name, check(service))
    # What the clock row compares is the clock of this machine, which the app does not go by.
    return [*map(_softened, (row for row in rows if row.name != partner.CLOCK)), *not_checked]


def _setting(name: str, fault: str) -> Diagnosis:
    return Diagnosis(f"App setting {name}", Finding.FAULT, fault, SETTING_REMEDY)


def _softened(row: Diagnosis) -> Diagnosis:
    """Not checked instead of a fault, where that it failed may lie in who asked from where."""
    if row.finding is not Finding.FAULT or not row.takes:
        return row
    detail = f"{row.detail}; the app itself may well be able to, its own report says so"
    return replace(row, finding=Finding.NOT_CHECKED, detail=detail, remedy=f"To see it from here takes {row.takes}.")


def _seen(seen_as: SeenAs, rows: Iterable[Diagnosis]) -> list[Diagnosis]:
    return [replace(row, seen_as=seen_as) for row in rows]
