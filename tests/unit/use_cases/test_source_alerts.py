"""Alerts about a CRM whose settings have faults: what they say, and when there is another one."""

import pytest

from qualification.use_cases.source_alerts import REMEDY, SourceAlerts
from tests.unit.builders import PARTNER
from tests.unit.stage import Stage
from tests.unit.use_cases.log_fields import events

SECRETS, MAPPING = "WEBHOOK_HUBSPOT_SECRETS", "WEBHOOK_HUBSPOT_FIELDS"
FAULTS = {SECRETS: "is missing", MAPPING: "is not JSON"}


def alerts(stage: Stage, faults: dict[str, str]) -> SourceAlerts:
    """Those of an instance that has found these faults when it started."""
    ready = stage.service.source_alerts
    return SourceAlerts(
        store=ready.store,
        outbox=ready.outbox,
        moments=ready.moments,
        partner_tenant_id=PARTNER,
        closed={"hubspot": faults},
    )


async def test_subscribers_and_operators_read_which_settings(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    """All of them by name, in order, and where to read what is wrong; no other line goes on to say so."""
    await alerts(stage, FAULTS).alert()
    words = {
        "reason": "source-misconfigured",
        "detail": "The source hubspot is closed: WEBHOOK_HUBSPOT_FIELDS, WEBHOOK_HUBSPOT_SECRETS cannot be used. "
        "Its webhooks are refused.",
        "remedy": REMEDY,
    }
    [event] = stage.bus.topic
    assert event.data == {**words, "sequence": 1}
    assert events(caplog, "attention") == [
        {"event": "attention", "customerTenantId": str(PARTNER), "lasting": False, **words}
    ]


async def test_instances_that_found_the_same_faults_tell_them_once(stage: Stage) -> None:
    """In whatever order each has found them."""
    await alerts(stage, FAULTS).alert()
    await alerts(stage, dict(reversed(FAULTS.items()))).alert()
    assert len(stage.bus.topic) == 1


@pytest.mark.parametrize(
    "after", [{SECRETS: "is missing"}, {**FAULTS, SECRETS: "is too short"}], ids=["fewer", "other"]
)
async def test_other_faults_are_news_on_the_same_day(stage: Stage, after: dict[str, str]) -> None:
    """Whoever has corrected one setting learns at once that it was not all."""
    await alerts(stage, FAULTS).alert()
    await alerts(stage, after).alert()
    assert stage.alerts == ["source-misconfigured"] * 2
