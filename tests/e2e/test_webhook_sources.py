"""Each CRM's webhook goes all the way, over real HTTP and the real runtime, and no secret stays behind on its way."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from qualification.webhooks.registry import SOURCES
from qualification.webhooks.reply import Outcome, Text
from qualification.webhooks.salesforce.sample import outbound_message
from sandbox.crm import BUILDERS, Call
from sandbox.host_process import ROOT
from tests.e2e.customer import Customer
from tests.e2e.eventually import eventually
from tests.e2e.problem_details import pointers, problem_of
from tests.e2e.service import EDUCATION, GOVERNMENT, Service
from tests.e2e.subscriber import Received, Subscriber

TELLS_NOBODY = [name for name, source in SOURCES.items() if source.replies[Outcome.REJECTED].attention]
IN_THE_URL = [name for name, source in SOURCES.items() if source.scheme.or_query]
ACK = "<Ack>true</Ack>"


def call_of(service: Service, source: str, customer: Customer, event_id: str | None = None, **changes: Any) -> Call:
    """A call about a school."""
    return BUILDERS[source]({"customerTenantId": customer.id, **EDUCATION, **changes}, service.settings, event_id)


def send(service: Service, call: Call) -> httpx.Response:
    """Send it as the CRM would: without a function key."""
    return service.call("POST", call.path, call.body, call.headers, key=False)


@pytest.mark.parametrize("source", SOURCES)
def test_an_event_of_each_crm_ends_in_a_decision(
    service: Service, customer: Customer, events: Subscriber, source: str
) -> None:
    """It is asked for once, however often the CRM sends it."""
    call = call_of(service, source, customer, event_id=f"{source}-{customer.id}")
    answers = {send(service, call).status_code for _ in range(3)}
    assert answers == {SOURCES[source].replies[Outcome.ACCEPTED].status}
    events.hears(customer.id, "InReview", "Approved")
    [resource] = service.list(customer.id)
    assert resource["source"] == source
    assert customer.effective_posts == 1


@pytest.mark.parametrize("source", SOURCES)
def test_a_call_that_is_not_proven_is_refused_on_the_wire(service: Service, customer: Customer, source: str) -> None:
    """401 and nothing stored."""
    call = call_of(service, source, customer)
    forged = replace(call, query="?code=" + "x" * 43, headers={"content-type": call.headers["content-type"]})
    problem_of(send(service, forged), 401, "sender-not-proven")
    assert service.list(customer.id) == []


def test_hubspot_is_believed_whatever_host_was_called(service: Service, customer: Customer) -> None:
    """Behind a gateway the Host header is another one, and an attacker may set any."""
    call = call_of(service, "hubspot", customer)
    named = replace(
        call, headers=call.headers | {"host": "somebody-else.example", "x-forwarded-host": "another.example"}
    )
    answer = send(service, named)
    assert answer.status_code == 200
    assert answer.json()["source"] == "hubspot"


def rejected(events: Subscriber, subject: str, event_id: str | None = None) -> list[Received]:
    """The attention events about rejected data of a tenant."""
    found = [event for event in events.received(subject) if event.news == "request-rejected"]
    return [event for event in found if event_id in {None, event.data["eventId"]}]


@pytest.mark.parametrize("source", TELLS_NOBODY)
def test_bad_data_is_told_to_subscribers(service: Service, customer: Customer, events: Subscriber, source: str) -> None:
    """The CRM shows the answer to nobody; the event comes once for each of its events."""
    call = call_of(service, source, customer, event_id="bad", educationSegment="Kindergarten")
    for _ in range(2):
        answer = send(service, call)
        words = SOURCES[source].replies[Outcome.REJECTED].body
        if isinstance(words, Text):
            assert answer.text == words.content
        else:
            assert pointers(problem_of(answer, 422, "invalid-request")) == ["/educationSegment"]
    # A later event about the same customer comes behind all that was told before it.
    send(service, call_of(service, source, customer, event_id="good"))
    eventually(lambda: "Approved" in events.news(customer.id))
    [told] = rejected(events, customer.id)
    assert told.data["source"] == source
    assert told.properties["reason"] == "request-rejected"
    assert told.envelope["source"] == f"/webhooks/{source}"


def test_bad_data_about_nobody_is_told_as_the_partners(service: Service, events: Subscriber) -> None:
    """Without a customer's tenant id it is about the partner."""
    content = {"customerTenantId": f"tenant-of-{uuid4()}", **EDUCATION}
    assert ACK in send(service, outbound_message([(str(uuid4()), content)], service.settings)).text
    partner = service.settings["PARTNER_CENTER_TENANT_ID"]
    eventually(lambda: rejected(events, partner))


def test_a_batch_is_acknowledged_once_with_its_good_and_bad_items(
    service: Service, customer: Customer, events: Subscriber
) -> None:
    """One by one inside, one answer outside."""
    batch = [
        ("good-" + customer.id, {"customerTenantId": customer.id, **GOVERNMENT}),
        ("bad-" + customer.id, {"customerTenantId": customer.id, **EDUCATION, "educationSegment": "Kindergarten"}),
    ]
    answer = send(service, outbound_message(batch, service.settings))
    assert (answer.status_code, answer.headers["content-type"].split(";")[0]) == (200, "text/xml")
    assert answer.text.count(ACK) == 1
    eventually(lambda: sorted(set(events.news(customer.id))) == ["Approved", "request-rejected"])


@pytest.mark.parametrize("source", IN_THE_URL)
def test_the_secret_in_a_url_stays_out_of_answers_logs_and_events(
    service: Service, customer: Customer, events: Subscriber, source: str
) -> None:
    """The path is enough to know what was called."""
    secret = service.settings[f"WEBHOOK_{source.upper()}_SECRETS"]
    wrong = f"tried-by-somebody-{uuid4()}"
    call = call_of(service, source, customer, educationSegment="Kindergarten")
    answers = [
        send(service, call),
        send(service, replace(call, query=f"?code={wrong}")),
        send(service, replace(call, body=b"<broken")),
        send(service, call_of(service, source, customer)),
    ]
    eventually(lambda: "Approved" in events.news(customer.id))
    texts = [answer.text + str(answer.headers) for answer in answers]
    texts += [event.text + str(event.properties) for event in events.received()]
    texts.append(service.log)
    assert f"sender_refused source={source} cause=sender-not-proven" in service.log
    assert not [text for text in texts if secret in text or wrong in text]


@pytest.mark.parametrize("source", SOURCES)
def test_the_sandbox_sends_a_sample_of_each_crm(
    service: Service, customer: Customer, tmp_path: Path, source: str
) -> None:
    """`python -m sandbox webhook` builds, signs and sends it."""
    settings = tmp_path / "settings.json"
    settings.write_text(json.dumps({"Values": service.settings}))
    url = f"http://{service.call('GET', '/api/health', key=False).request.url.netloc.decode()}"
    command = [sys.executable, "-m", "sandbox", "webhook", source, "--customer", customer.id]
    sent = subprocess.run(  # noqa: S603  this project's own command
        [*command, "--url", url, "--settings", str(settings)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert sent.returncode == 0, sent.stdout + sent.stderr
    [resource] = service.list(customer.id)
    assert resource["source"] == source


def test_a_sample_without_app_settings_says_where_they_come_from(tmp_path: Path) -> None:
    """The secrets are those of a running sandbox."""
    missing = tmp_path / "settings.json"
    command = [sys.executable, "-m", "sandbox", "webhook", "dataverse", "--settings", str(missing)]
    sent = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603  as above
    assert sent.returncode == 2
    assert sent.stdout == f"There is no {missing}. `make serve` writes one.\n"
