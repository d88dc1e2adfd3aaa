"""The reply policy, cell by cell: each CRM is answered in its own language."""

import json
from collections.abc import Callable
from xml.etree.ElementTree import fromstring

import azure.functions as func
import pytest

from qualification.webhooks.registry import SOURCES
from qualification.webhooks.reply import Outcome
from sandbox.crm import Call
from tests.unit.builders import EDUCATION
from tests.unit.webhooks.desk import Desk
from tests.unit.webhooks.payloads import CUSTOMER

GOOD = {"customerTenantId": CUSTOMER, **EDUCATION}
BAD = GOOD | {"educationSegment": "Kindergarten"}
CORPORATE = {"customerTenantId": CUSTOMER, "website": "contoso.com"}
ACK = "{http://schemas.xmlsoap.org/soap/envelope/}Body/{http://soap.sforce.com/2005/09/outbound}notificationsResponse/*"
STANDARD_FIELDS = json.dumps({name: name for name in GOOD})

SHOWN = {
    "accepted": {"dataverse": "202 status", "hubspot": "200 status", "salesforce": "200 ack", "standard": "202 status"},
    "not proven": dict.fromkeys(SOURCES, "401 problem"),
    "unrelated": {"dataverse": "204", "hubspot": "200", "salesforce": "200 ack", "standard": "204"},
    "bad data": {
        "dataverse": "422 problem, attention",
        "hubspot": "422 problem, attention",
        "salesforce": "200 ack, attention",
        "standard": "422 problem",
    },
    "not to be read": {
        "dataverse": "422 problem, attention",
        "hubspot": "422 problem, attention",
        "salesforce": "422 problem, attention",
        "standard": "422 problem",
    },
    "store down": {
        "dataverse": "503 problem",
        "hubspot": "503 problem",
        "salesforce": "503 problem",
        "standard": "503 problem, come back",
    },
}


def accepted(desk: Desk, source: str) -> Call:
    """A good event."""
    return desk.call(source, GOOD)


def not_proven(desk: Desk, source: str) -> Call:
    """A good event, proven with the secrets of somebody else."""
    return Desk(WEBHOOK_STANDARD_FIELDS=desk.settings["WEBHOOK_STANDARD_FIELDS"]).call(source, GOOD)


def unrelated(desk: Desk, source: str) -> Call:
    """An event about a customer that is no school."""
    return desk.call(source, CORPORATE)


def bad_data(desk: Desk, source: str) -> Call:
    """An event that can never work."""
    return desk.call(source, BAD)


def not_to_be_read(desk: Desk, source: str) -> Call:
    """A proven body that is not what the CRM sends."""
    return SOURCES[source].sample.prove(b"[]", desk.settings)


def store_down(desk: Desk, source: str) -> Call:
    """A good event at a bad time."""
    desk.stage.rows.down = True
    return desk.call(source, GOOD)


HAPPENINGS: dict[str, Callable[[Desk, str], Call]] = {
    "accepted": accepted,
    "not proven": not_proven,
    "unrelated": unrelated,
    "bad data": bad_data,
    "not to be read": not_to_be_read,
    "store down": store_down,
}


def shown(response: func.HttpResponse, desk: Desk) -> str:
    """An answer, and what was told besides, in a few words."""
    words = str(response.status_code)
    body = response.get_body()
    if response.mimetype == "application/problem+json":
        assert json.loads(body)["status"] == response.status_code
        words += " problem"
    elif response.mimetype == "text/xml":
        [ack] = fromstring(body).iterfind(ACK)  # noqa: S314  our own answer
        assert ack.text == "true"
        words += " ack"
    elif response.headers.get("location"):
        assert json.loads(body)["links"]["self"] == response.headers["location"]
        words += " status"
    else:
        assert body == b""
    if response.status_code == 503 and "retry-after" in response.headers:
        words += ", come back"
    if desk.events:
        assert [event.data["reason"] for event in desk.events] == ["request-rejected"]
        words += ", attention"
    return words


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("happening", SHOWN)
async def test_each_crm_is_answered_in_its_own_language(source: str, happening: str) -> None:
    """One cell of the table: status, body, and whether somebody is told."""
    desk = Desk(WEBHOOK_STANDARD_FIELDS=STANDARD_FIELDS)
    response = await desk.receive(HAPPENINGS[happening](desk, source))
    assert shown(response, desk) == SHOWN[happening][source]
    assert len(desk.records) == (happening == "accepted")


@pytest.mark.parametrize("source", SOURCES)
async def test_a_repeat_is_answered_as_the_first_time(source: str) -> None:
    """The CRM's event id, or what stands for it, leads to the request that is stored already."""
    desk = Desk()
    for _ in range(2):
        response = await desk.receive(desk.call(source, GOOD, "the-same"))
        assert shown(response, desk) == SHOWN["accepted"][source]
    assert len(desk.records) == 1


@pytest.mark.parametrize("source", SOURCES)
async def test_another_event_about_the_same_thing_is_answered_as_accepted(source: str) -> None:
    """An active request answers for it; a CRM is not alarmed with a conflict."""
    desk = Desk()
    for event_id in ("one", "two"):
        response = await desk.receive(desk.call(source, GOOD, event_id))
        assert shown(response, desk) == SHOWN["accepted"][source]
    assert len(desk.records) == 1


@pytest.mark.parametrize("source", SOURCES)
async def test_a_source_without_a_secret_takes_nothing(source: str) -> None:
    """It fails closed, and the CRM tries again until somebody has set one."""
    call = Desk().call(source, GOOD)
    desk = Desk(**{f"WEBHOOK_{source.upper()}_SECRETS": ""})
    response = await desk.receive(call)
    assert response.status_code == 503
    assert desk.records == []


@pytest.mark.parametrize(
    "source", [source for source in SOURCES if SOURCES[source].replies[Outcome.REJECTED].attention]
)
async def test_a_store_that_cannot_keep_the_alarm_lets_the_crm_try_again(source: str) -> None:
    """Bad data is answered for good only once somebody is going to hear of it."""
    desk = Desk()
    desk.stage.rows.down = True
    response = await desk.receive(desk.call(source, BAD))
    assert response.status_code == 503
    desk.stage.rows.down = False
    assert shown(await desk.receive(desk.call(source, BAD)), desk) == SHOWN["bad data"][source]


@pytest.mark.parametrize("source", SOURCES)
def test_every_source_has_a_reply_to_every_outcome(source: str) -> None:
    """Nothing that happens goes without an answer."""
    assert SOURCES[source].name == source
    assert SOURCES[source].replies.keys() == set(Outcome)
