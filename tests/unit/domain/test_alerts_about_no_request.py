"""Alerts that no request raises: each is the only event of its stream, and the timer publishes what its step did not."""

from typing import Any
from uuid import UUID, uuid5

import pytest

from qualification.domain.errors import Fault
from qualification.domain.event import Event, EventType
from qualification.domain.events import request_rejected, source_attention, unreadable_rows
from qualification.domain.request import Reference
from tests.unit.builders import AT, CUSTOMER, NOW, PARTNER, POLICY, TRACEPARENT

STREAM = UUID(int=7)
REFERENCE = Reference(type="Account", id="001", url="https://crm.example/001")


def alert(subject: UUID, stream: UUID, traceparent: str | None = None, **data: Any) -> Event:
    """The event that says this, due a minute after it was raised."""
    return Event(
        type=EventType.ATTENTION_REQUIRED,
        stream=stream,
        sequence=1,
        subject=subject,
        time=NOW,
        due=NOW + POLICY.publish_after,
        traceparent=traceparent,
        data={"sequence": 1} | data,
    )


def test_rows_that_cannot_be_read_are_told_of_their_customer() -> None:
    """The engineer learns whose rows, how many, and what to do; as many rows again are no news."""
    assert unreadable_rows(CUSTOMER, 2, AT) == alert(
        CUSTOMER,
        uuid5(CUSTOMER, "unreadable-rows:2"),
        reason="status-unclear",
        customerTenantId=str(CUSTOMER),
        detail=f"2 stored row(s) of customer {CUSTOMER} cannot be read by this version of the service; "
        "nothing is sent for this customer.",
        remedy="The log names the rows. Where a newer version wrote them, deploy it again; where they are damaged, "
        "put them back, or look at the customer in Partner Center and delete them.",
    )


def test_what_is_wrong_with_a_crm_is_told_of_the_partner() -> None:
    """With the name of the CRM, by which a CRM administrator knows that it is theirs."""
    words = {"reason": "daily-limit", "detail": "200 were taken today.", "remedy": "Confirm the rest."}
    event = source_attention(PARTNER, source="dataverse", stream=STREAM, moment=AT, **words)
    assert event == alert(PARTNER, STREAM, source="dataverse", **words)


@pytest.mark.parametrize(
    ("known", "told"),
    [
        ({"customer_id": CUSTOMER}, {"customerTenantId": str(CUSTOMER), "reference": None}),
        (
            {"customer_id": None, "reference": REFERENCE},
            {"reference": {"type": "Account", "id": "001", "url": "https://crm.example/001"}},
        ),
    ],
    ids=["customer", "record"],
)
def test_data_that_can_never_work_is_told_with_each_reason(known: dict[str, Any], told: dict[str, Any]) -> None:
    """The CRM shows its administrator nothing of it, so the event says which record, and what to correct."""
    faults = [Fault("/website", "must be a host name", field="Website", value="n/a"), Fault("/mode", "is odd")]
    event = request_rejected(
        source="salesforce",
        event_id="04l",
        faults=faults,
        subject=PARTNER,
        stream=STREAM,
        traceparent=TRACEPARENT,
        moment=AT,
        **known,
    )
    assert event == alert(
        PARTNER,
        STREAM,
        TRACEPARENT,
        reason="request-rejected",
        source="salesforce",
        eventId="04l",
        reasons=[
            {"pointer": "/website", "detail": "must be a host name", "field": "Website", "value": "n/a"},
            {"pointer": "/mode", "detail": "is odd"},
        ],
        detail="An event of the source salesforce was rejected: nothing was requested.",
        remedy="Correct the record in the CRM, or the mapping of its fields, and let the CRM send it again.",
        **told,
    )
