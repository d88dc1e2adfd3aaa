"""A CRM whose settings have faults is closed alone, and everybody learns what to do."""

import json
from datetime import timedelta
from typing import Any

import pytest

from qualification.api.handlers import health
from qualification.doctor.diagnosis import Finding
from qualification.doctor.sources import sources
from qualification.settings.key_vault_reference import REFRESH
from qualification.webhooks.registry import SOURCES
from qualification.webhooks.reply import Outcome
from tests.unit.builders import EDUCATION, PARTNER
from tests.unit.webhooks.desk import Desk
from tests.unit.webhooks.payloads import CUSTOMER

CONTENT = {"customerTenantId": CUSTOMER, **EDUCATION}
REFERENCE = "@Microsoft.KeyVault(SecretUri=https://contoso.vault.azure.net/secrets/webhook)"
DAY = timedelta(days=1)


def secrets_of(source: str) -> str:
    """The name of the setting."""
    return f"WEBHOOK_{source.upper()}_SECRETS"


def closed(source: str) -> Desk:
    """A service one of whose sources has an unresolved reference for its secret."""
    return Desk(**{secrets_of(source): REFERENCE})


@pytest.mark.parametrize("source", SOURCES)
async def test_a_source_closes_alone(source: str) -> None:
    """503 with a type of its own; all others take what comes, and nothing is stored for the closed one."""
    desk = closed(source)
    call = Desk().call(source, CONTENT)
    refused = await desk.receive(call)
    assert refused.status_code == 503
    problem = json.loads(refused.get_body())
    assert problem["type"].endswith("#source-misconfigured")
    assert secrets_of(source) in problem["detail"]
    assert ("Retry-After" in refused.headers) is SOURCES[source].replies[Outcome.UNAVAILABLE].retry_after
    assert desk.records == []
    for other in SOURCES.keys() - {source}:
        answer = await desk.receive(desk.call(other, CONTENT, other))
        assert answer.status_code == SOURCES[other].replies[Outcome.ACCEPTED].status


@pytest.mark.parametrize("source", SOURCES)
async def test_whoever_signs_with_the_text_of_a_reference_is_refused(source: str) -> None:
    """It follows from names that are public."""
    reference = "@Microsoft.KeyVault(VaultName=contoso;SecretName=webhook)"
    build = Desk()
    build.settings[secrets_of(source)] = reference if source != "standard" else f"whsec_{'QUJD' * 8}"
    assert (await closed(source).receive(build.call(source, CONTENT))).status_code == 503


@pytest.mark.parametrize("source", SOURCES)
async def test_health_and_doctor_say_what_to_do(source: str) -> None:
    """The reference heals after a refresh: both show the command."""
    desk = closed(source)
    service = desk.stage.service
    request: Any = None
    report = await health(service, request)
    checks = json.loads(report.get_body())["checks"]
    assert (report.status_code, list(checks["sources"])) == (200, [secrets_of(source)])
    assert REFRESH in checks["sources"][secrets_of(source)]
    rows = sources(desk.settings, service.closed)
    [fault] = [row for row in rows if row.finding is Finding.FAULT]
    assert fault.name == f"Webhook source {source}"
    assert secrets_of(source) in fault.detail
    assert REFRESH in fault.detail
    assert {row.finding for row in rows if row is not fault} == {Finding.OK}
    assert len(rows) == len(SOURCES)


async def test_subscribers_hear_of_it_once_a_day() -> None:
    """For as long as it lasts."""
    stage = closed("hubspot").stage
    for _ in range(3):
        await stage.service.source_alerts.alert()
    stage.clock.advance(DAY)
    await stage.service.source_alerts.alert()
    assert [event.data["reason"] for event in stage.bus.topic] == ["source-misconfigured"] * 2
    assert len({event.id for event in stage.bus.topic}) == 2
    [event, _] = stage.bus.topic
    assert event.subject == PARTNER
    assert "hubspot" in str(event.data["detail"])
    assert secrets_of("hubspot") in str(event.data["detail"])


async def test_an_alert_waits_in_the_outbox_while_service_bus_is_away() -> None:
    """As all events do."""
    stage = closed("salesforce").stage
    stage.bus.down = True
    await stage.service.source_alerts.alert()
    stage.bus.down = False
    await stage.advance(timedelta(minutes=5))
    assert [event.data["reason"] for event in stage.bus.topic] == ["source-misconfigured"]


async def test_where_none_is_closed_nobody_is_alerted() -> None:
    """Nor is anything stored."""
    desk = Desk()
    await desk.stage.service.source_alerts.alert()
    assert desk.events == desk.stage.outbox == []
