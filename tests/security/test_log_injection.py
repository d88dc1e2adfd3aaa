"""Nobody outside writes a line of the log, or steers the terminal that shows it."""

import logging

import pytest

from qualification.api import handlers
from qualification.domain.record import RequestError
from qualification.domain.status import Status
from qualification.partner_center.answer import Answer
from qualification.partner_center.error_body import plain, read_complaint
from qualification.use_cases import telemetry
from tests.security.app import App
from tests.unit.builders import queued

EVIL = "x\r\nERROR all is lost\x1b[2J\x00\x85\u2028\u202e"


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What the service has logged."""
    return [record.getMessage() for record in caplog.records if record.name.startswith("qualification")]


@pytest.mark.parametrize("name", [EVIL, "%0d%0aERROR", "a" * 9000])
def test_the_name_of_an_unknown_source_is_one_short_line(app: App, caplog: pytest.LogCaptureFixture, name: str) -> None:
    """404, and in the log at most a line a minute, which does not repeat the name."""
    assert app.call(handlers.receive_webhook, f"/api/webhooks/{name}", b"{}", route={"source": name}).status_code == 404
    assert len(lines(caplog)) <= 1
    assert all(line.isprintable() and name not in line and len(line) < 300 for line in lines(caplog))


def test_partner_centers_words_are_one_line(caplog: pytest.LogCaptureFixture) -> None:
    """A vetting reason and an error code are Partner Center's own words, and end no line of ours."""
    caplog.set_level(logging.INFO, "qualification.telemetry")
    failed = RequestError(code=EVIL, description=EVIL)
    telemetry.request_status(queued(source=EVIL, vetting_reason=EVIL, error=failed), Status.IN_REVIEW)
    [record] = caplog.records
    assert record.getMessage().isprintable()
    assert vars(record)["vettingReason"] == EVIL


@pytest.mark.parametrize(
    "body", [EVIL.encode(), f'"{EVIL}"'.encode(), rb'{"code": "a\nb", "description": "a\u001b[2J\r\nb"}']
)
def test_an_error_of_partner_center_is_one_line(body: bytes) -> None:
    """Whatever it answers."""
    complaint = read_complaint(Answer(400, {}, body))
    assert complaint.code.isprintable()
    assert complaint.text.isprintable()
    assert complaint.code or complaint.text
    assert plain(EVIL).isprintable()


def test_a_hostile_header_is_not_in_the_log(app: App, customer_id: str, caplog: pytest.LogCaptureFixture) -> None:
    """Neither an idempotency key nor a trace context nor a body is logged at all."""
    caplog.set_level(logging.INFO)
    headers = {"idempotency-key": EVIL, "traceparent": EVIL, "user-agent": EVIL}
    assert app.ask(customer_id, b'{"qualification": "Evil\\r\\n"}', headers).status_code == 422
    assert app.ask(customer_id, b'{"qualification": "StateOwnedEntity"}', headers).status_code == 202
    assert lines(caplog)
    assert all(line.isprintable() and "all is lost" not in line for line in lines(caplog))
