import json
from dataclasses import replace
from uuid import UUID

import pytest

from qualification.domain.caller import Caller, CallerKind
from qualification.domain.cloud_event import envelope, properties
from qualification.domain.errors import Fault, StoreUnavailable
from qualification.domain.event import Event
from qualification.domain.request import Reference
from qualification.use_cases.rejection import Rejected, Rejections
from tests.unit.builders import CUSTOMER, NOW, PARTNER, POLICY, TRACEPARENT
from tests.unit.stage import Stage
from tests.unit.use_cases.log_fields import events
from tests.unit.webhooks.payloads import content

REJECTED = Rejected(
    source="salesforce",
    event_id="04l5e00000Gx7QzAAJ",
    customer_id=CUSTOMER,
    faults=[
        Fault("/website", "must be a host name or an http(s) URL, such as contoso.edu", field="Website", value="n/a"),
        Fault(
            "/educationSegment",
            "has a value in the CRM that the mapping of values does not list",
            field="Segment__c",
            value="Kindergarten",
            allowed=("K-12", "Higher Ed"),
        ),
    ],
    reference=Reference(
        type="Account", id="0015e00000ZkM3hAAF", url="https://contoso.my.salesforce.com/0015e00000ZkM3hAAF"
    ),
    requested_by=Caller(kind=CallerKind.ORGANIZATION, id="00D5e000000KQ2eEAG"),
    traceparent=TRACEPARENT,
)


@pytest.fixture
def rejections(stage: Stage) -> Rejections:
    """The use case over stand-ins."""
    return stage.service.endpoint.rejections


async def told(stage: Stage, rejections: Rejections, rejected: Rejected = REJECTED) -> Event:
    """The one event about it."""
    await rejections.report([rejected])
    [event] = stage.bus.topic
    return event


async def test_the_event_is_thin_and_public(stage: Stage, rejections: Rejections) -> None:
    """The source, the CRM's event id and the reasons; subscribers rely on each word of it."""
    event = await told(stage, rejections)
    assert json.loads(envelope(event)) == content("request-rejected.json")
    assert properties(event)["reason"] == "request-rejected"
    assert properties(event)["customerTenantId"] == str(CUSTOMER)
    assert properties(event)["reference"] == "Account:0015e00000ZkM3hAAF"


async def test_the_log_says_which_record_and_what_is_wrong_with_it(
    stage: Stage, rejections: Rejections, caplog: pytest.LogCaptureFixture
) -> None:
    """Whoever has no subscriber finds it there, with who it was."""
    await rejections.report([REJECTED])
    [event] = stage.bus.topic
    assert events(caplog, "attention") == [
        {
            "event": "attention",
            "reason": "request-rejected",
            "customerTenantId": str(CUSTOMER),
            "lasting": False,
            "source": "salesforce",
            "reference": "Account:0015e00000ZkM3hAAF",
            "requestedBy": "organization 00D5e000000KQ2eEAG",
            "detail": "/website (Website) came as 'n/a', must be a host name or an http(s) URL, such as contoso.edu; "
            "/educationSegment (Segment__c) came as 'Kindergarten', "
            "has a value in the CRM that the mapping of values does not list [K-12, Higher Ed]",
            "remedy": event.data["remedy"],
        }
    ]


async def test_an_unknown_customer_makes_it_an_event_about_the_partner(stage: Stage, rejections: Rejections) -> None:
    """Somebody must hear of it, and the partner is who can mend the CRM."""
    event = await told(stage, rejections, replace(REJECTED, customer_id=None))
    assert event.subject == PARTNER
    assert "customerTenantId" not in event.data


async def test_the_same_event_of_the_crm_is_told_once(stage: Stage, rejections: Rejections) -> None:
    """CRMs repeat themselves; another event, source or customer is news."""
    for _ in range(2):
        await rejections.report([REJECTED])
        await rejections.report([REJECTED, REJECTED])
    assert len(stage.bus.topic) == 1
    others = [
        replace(REJECTED, event_id="other"),
        replace(REJECTED, source="hubspot"),
        replace(REJECTED, customer_id=UUID(int=1)),
    ]
    await rejections.report(others)
    assert len({event.id for event in stage.bus.topic}) == 4


async def test_it_waits_in_the_outbox_while_service_bus_is_away(stage: Stage, rejections: Rejections) -> None:
    """The timer tells it later, even if the CRM never comes back."""
    stage.bus.down = True
    await rejections.report([REJECTED])
    await rejections.report([REJECTED])
    stage.bus.down = False
    await stage.advance(POLICY.publish_after)
    assert [event.time for event in stage.bus.topic] == [NOW]
    assert stage.outbox == []


async def test_nothing_is_told_that_is_not_stored(stage: Stage, rejections: Rejections) -> None:
    """The CRM's next try does it."""
    stage.rows.down = True
    with pytest.raises(StoreUnavailable):
        await rejections.report([REJECTED])
    assert stage.bus.topic == []
