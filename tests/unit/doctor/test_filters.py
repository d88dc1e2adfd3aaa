import pytest

from qualification.doctor.correlation_filter import correlation_doubts
from qualification.doctor.sql_filter import sql_doubts
from qualification.doctor.vocabulary import application_property
from qualification.domain.cloud_event import properties
from qualification.service_bus.descriptions import CorrelationFilter
from tests.unit.domain.test_events import attention, denial, failure

GUID = "2a14b164-f983-4048-92e1-4f9591b87445"

SOUND = [
    "1=1",
    "status IN ('Approved', 'Denied', 'Failed', 'Revoked')",
    "status IN ('Approved', 'Denied') AND qualification = 'Education'",
    "cloudEvents_type = 'qualification.attention-required.v1'",
    "[status] = 'Approved' OR \"status\"='Denied' OR user.Status = 'Revoked'",
    "STATUS = 'Approved' and not (qualification <> 'Nonsense')",
    "status NOT IN ('Approve', 'Deny')",
    "status LIKE 'App%' ESCAPE '\\' AND EXISTS(reason) OR previousStatus IS NOT NULL",
    f"sys.SessionId = '{GUID}' AND sys.Label = 'qualification.status-changed.v1'",
    f"cloudEvents_source = '/customers/{GUID}/qualifications/{GUID}' OR cloudEvents_source = '/webhooks/hubspot'",
    "status = @wanted AND newid() <> 'x' AND 2e3 > 1",
    "cloudEvents_id = 'it''s state = ''nonsense'''",
    "sys.EnqueuedTimeUtc > '2026'",
]
UNSOUND = [
    ("state = 'Approved'", ["no event has a property state"]),
    ("source = 'hubspot'", ["no event has a property source"]),
    ("status = 'Aproved'", ["status is never 'Aproved'"]),
    ("STATUS='approved'", ["status is never 'approved'"]),
    ("status IN ('Approved', 'Rejected')", ["status is never 'Rejected'"]),
    ("qualification = 'GCC'", ["qualification is never 'GCC'"]),
    ("previousStatus = 'Pending'", ["previousStatus is never 'Pending'"]),
    ("reason = 'overdue'", ["reason is never 'overdue'"]),
    ("cloudEvents_type = 'qualification.approved.v1'", ["cloudEvents_type is never 'qualification.approved.v1'"]),
    ("cloudEvents_source = 'hubspot'", ["cloudEvents_source is never 'hubspot'"]),
    ("customerTenantId = 'contoso.com'", ["customerTenantId is never 'contoso.com'"]),
    ("sys.To = 'me'", ["sys.To is never 'me'"]),
    ("[event type] = 'x' OR [event type] = 'y'", ["no event has a property event type"]),
    ("1 = 0", ["it matches nothing"]),
    ("a = 1 AND b = 2", ["no event has a property a", "no event has a property b"]),
]


@pytest.mark.parametrize("expression", SOUND)
def test_a_filter_that_can_match_is_left_alone(expression: str) -> None:
    """Also one that is only half understood: a doubt without a reason costs trust in all of them."""
    assert list(sql_doubts(expression)) == []


@pytest.mark.parametrize(("expression", "doubts"), UNSOUND)
def test_what_no_event_has_is_named(expression: str, doubts: list[str]) -> None:
    """The property, or the value that it never takes; each once."""
    assert list(sql_doubts(expression)) == doubts


@pytest.mark.parametrize(
    ("system", "application", "doubts"),
    [
        ({"label": "qualification.status-changed.v1"}, {"status": "Approved"}, []),
        ({"session_id": GUID, "message_id": "x:1"}, {}, []),
        ({"reply_to": "me"}, {}, ["sys.replyto is never 'me'"]),
        ({"label": "approved"}, {}, ["sys.label is never 'approved'"]),
        ({}, {"Status": "Aproved"}, ["status is never 'Aproved'"]),
        ({}, {"status": 4}, ["status is never 4"]),
        ({}, {"state": "Approved"}, ["no event has a property state"]),
    ],
)
def test_a_correlation_filter_is_held_to_the_same(
    system: dict[str, str], application: dict[str, object], doubts: list[str]
) -> None:
    """Its values are plain data, so none of it is a guess."""
    assert list(correlation_doubts(CorrelationFilter(system, application))) == doubts


@pytest.mark.parametrize("event", [denial(), failure(), attention()], ids=["denied", "failed", "attention"])
def test_no_property_of_a_real_event_is_doubted(event: object) -> None:
    """The vocabulary is that of the events, values included."""
    told = properties(event)  # type: ignore[arg-type]  # an Event, which parametrize forgets
    assert told
    assert [doubt for name, value in told.items() for doubt in application_property(name).doubts([value])] == []
