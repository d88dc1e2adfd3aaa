"""The form in which subscribers get an event, byte for byte."""

from typing import Any

import pytest

from qualification.domain.cloud_event import envelope
from qualification.domain.event import Event, EventType
from tests.unit.builders import CUSTOMER, NOW, REQUEST


def event(data: dict[str, Any]) -> Event:
    """An alert with these data."""
    return Event(
        type=EventType.ATTENTION_REQUIRED, stream=REQUEST, sequence=1, subject=CUSTOMER, time=NOW, due=NOW, data=data
    )


def test_it_is_compact_json_in_utf_8() -> None:
    """Letters of any language as themselves, and what is only half a character as an escape, which JSON can say."""
    body = envelope(event({"detail": "学校 \ud83d"}))
    start = (
        f'{{"specversion":"1.0","id":"{REQUEST}:1","source":"/partner","type":"qualification.attention-required.v1",'
    )
    about = f'"subject":"{CUSTOMER}","time":"2026-03-02T09:30:00Z","datacontenttype":"application/json",'
    assert body == f'{start}{about}"data":{{"detail":"学校 \\ud83d"}}}}'.encode()


@pytest.mark.parametrize(
    ("data", "source"),
    [
        ({"requestId": str(REQUEST)}, f"/customers/{CUSTOMER}/qualifications/{REQUEST}"),
        ({"source": "hubspot"}, "/webhooks/hubspot"),
        ({"customerTenantId": str(CUSTOMER)}, f"/customers/{CUSTOMER}/qualifications"),
        ({}, "/partner"),
    ],
    ids=["a request", "a source", "a customer", "the partner"],
)
def test_its_source_is_what_it_is_about(data: dict[str, Any], source: str) -> None:
    """A subscriber may ask there for more."""
    assert f'"source":"{source}",'.encode() in envelope(event(data))
