"""Each line of the log with all its fields: the queries of alerts and workbooks name every one of them."""

import logging
from collections.abc import Callable
from datetime import timedelta

import pytest

from qualification.domain.caller import Caller, CallerKind
from qualification.domain.errors import BusUnavailable
from qualification.domain.events import Attention, attention_required
from qualification.domain.record import RequestError
from qualification.domain.status import Status
from qualification.use_cases import telemetry
from qualification.use_cases.telemetry import one_line
from tests.unit.builders import AT, CUSTOMER, ELSEWHERE, REQUEST, approved, queued, wanted
from tests.unit.use_cases.log_fields import fields

ANNA = Caller(kind=CallerKind.FUNCTION_KEY, id="0badcafe", name="Anna")
ACCOUNT = wanted(reference={"type": "Account", "id": "0015e00000ZkM3hAAF"})
FAILED = queued(
    ACCOUNT,
    status=Status.FAILED,
    requested_by=ANNA,
    error=RequestError(code="2000", description="The domain is not valid."),
    remedy="Correct it.",
)
IGNORED, (ALERT,) = attention_required(
    approved(ACCOUNT), Attention.CORRECTION_IGNORED, "It is approved already.", "Ask for a retry.", AT
)
IDS = {"requestId": str(REQUEST), "customerTenantId": str(CUSTOMER)}
ABOUT = {**IDS, "qualification": "Education", "source": "standard"}
REFERENCE = "Account:0015e00000ZkM3hAAF"

LINES: dict[str, tuple[Callable[[], None], int, dict[str, object]]] = {
    "request_status": (
        lambda: telemetry.request_status(FAILED, Status.SUBMITTING),
        logging.INFO,
        {
            **ABOUT,
            "status": "Failed",
            "previousStatus": "Submitting",
            "reference": REFERENCE,
            "requestedBy": "Anna (key 0badcafe)",
            "errorCode": "2000",
            "remedy": "Correct it.",
        },
    ),
    "request_postponed": (
        lambda: telemetry.request_postponed(queued(), ELSEWHERE),
        logging.WARNING,
        {
            **ABOUT,
            "status": "Queued",
            "reaction": "when fixed",
            "errorCode": "http-404",
            "httpStatus": 404,
            "attention": "partner-center-unreachable",
        },
    ),
    "decision": (
        lambda: telemetry.decision(queued(), "confirm", "Anna\n(key 0badcafe)"),
        logging.INFO,
        {**IDS, "action": "confirm", "by": r"Anna\n(key 0badcafe)", "status": "Queued"},
    ),
    "hold": (
        lambda: telemetry.hold_changed("stop", "Anna\n(key 0badcafe)"),
        logging.WARNING,
        {"action": "stop", "by": r"Anna\n(key 0badcafe)"},
    ),
    "attention": (
        lambda: telemetry.attention(ALERT),
        logging.WARNING,
        {
            **IDS,
            "reason": "correction-ignored",
            "lasting": False,
            "source": "standard",
            "reference": REFERENCE,
            "detail": "It is approved already.",
            "remedy": "Ask for a retry.",
        },
    ),
    "hint_given_back": (
        lambda: telemetry.hint_given_back(
            request_id=REQUEST, customer_tenant_id=CUSTOMER, error=BusUnavailable("the bus is down")
        ),
        logging.WARNING,
        {**IDS, "error": "BusUnavailable: the bus is down"},
    ),
    "advance_run": (
        lambda: telemetry.advance_run(
            published=1,
            requeued=2,
            looked_at=3,
            changed=4,
            complete=True,
            bus_is_down=False,
            outbox_lag=timedelta(seconds=1, microseconds=234_567),
            oldest_queued=timedelta(hours=2, minutes=1),
        ),
        logging.INFO,
        {
            "published": 1,
            "requeued": 2,
            "lookedAt": 3,
            "changed": 4,
            "complete": True,
            "busIsDown": False,
            "outboxLagSeconds": 1.235,
            "oldestQueuedHours": 2.02,
        },
    ),
    "partner_center_call": (
        lambda: telemetry.partner_center_call(
            operation="GET qualifications", http_status=429, code="http-429", throttled=True
        ),
        logging.WARNING,
        {"operation": "GET qualifications", "httpStatus": 429, "code": "http-429", "throttled": True},
    ),
    "sender_refused": (
        lambda: telemetry.sender_refused(source="hubspot", cause="sender-not-proven", count=7, detail="It is stale."),
        logging.WARNING,
        {"source": "hubspot", "cause": "sender-not-proven", "count": 7, "detail": "It is stale."},
    ),
    "refresh_token_age": (
        lambda: telemetry.refresh_token_age(age=timedelta(days=61, minutes=10)),
        logging.INFO,
        {"days": 61.01},
    ),
}


@pytest.mark.parametrize("event", LINES)
def test_a_line_has_each_of_its_fields(caplog: pytest.LogCaptureFixture, event: str) -> None:
    """A query that names a field which is not there finds nothing, and its alert is silent."""
    log, level, expected = LINES[event]
    log()
    [line] = caplog.records
    assert (line.levelno, fields(line)) == (level, {"event": event, **expected})


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Zoë Müller", "Zoë Müller"),
        ("Zoë\r\nERROR", r"Zoë\r\nERROR"),
        ("\x1b[2JZoë", r"\x1b[2JZoë"),
        ("a\u2028b\u202ec", r"a\u2028b\u202ec"),
    ],
)
def test_only_what_steers_a_terminal_is_escaped(text: str, shown: str) -> None:
    """An operator reads names as people write them, and no name begins a line of its own."""
    assert one_line(text) == shown
