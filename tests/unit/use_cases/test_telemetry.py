"""Telemetry: one structured log line an event, with only the fields that have a value."""

import ast
import logging
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from qualification.domain.events import partner_attention
from qualification.domain.status import Status
from qualification.use_cases import telemetry
from tests.unit.builders import ACCESS_LOST, CUSTOMER, NOW, REQUEST, in_review, queued
from tests.unit.use_cases.log_fields import fields


def test_an_event_is_a_record_whose_attributes_are_its_fields(caplog: pytest.LogCaptureFixture) -> None:
    """Application Insights shows a record's extra attributes as customDimensions, so queries name them."""
    record = in_review(status=Status.DENIED, vetting_reason="NotEnoughEvidence", remedy="Ask why.")
    telemetry.request_status(record, Status.IN_REVIEW)
    assert fields(caplog.records[0]) == {
        "event": "request_status",
        "requestId": str(REQUEST),
        "customerTenantId": str(CUSTOMER),
        "qualification": "Education",
        "status": "Denied",
        "previousStatus": "InReview",
        "source": "standard",
        "vettingReason": "NotEnoughEvidence",
        "remedy": "Ask why.",
    }


def test_a_line_can_be_read_without_its_attributes(caplog: pytest.LogCaptureFixture) -> None:
    """A console shows the message only, so the message tells the event and its fields too."""
    telemetry.attention(partner_attention(CUSTOMER, "access-lost", "MFA is missing.", "Sign in.", NOW), lasting=True)
    told = "lasting=True detail=MFA is missing. remedy=Sign in."
    assert caplog.messages == [f"attention reason=access-lost customerTenantId={CUSTOMER} {told}"]


def test_a_request_that_waits_says_for_what(caplog: pytest.LogCaptureFixture) -> None:
    """An alert counts requests that wait for a person by the reason they give."""
    telemetry.request_postponed(queued(), ACCESS_LOST)
    told = fields(caplog.records[0])
    assert (told["reaction"], told["attention"], told["errorCode"]) == ("when fixed", "access-lost", "invalid_grant")


def test_lines_come_through_where_the_root_logger_wants_warnings_only(caplog: pytest.LogCaptureFixture) -> None:
    """An operator's question about yesterday must not depend on the worker's log level."""
    caplog.set_level(logging.WARNING, logger="")
    caplog.handler.setLevel(logging.NOTSET)
    telemetry.refresh_token_age(age=timedelta(days=61, hours=12))
    assert fields(caplog.records[0]) == {"event": "refresh_token_age", "days": 61.5}


def test_durations_are_told_in_the_unit_their_field_names(caplog: pytest.LogCaptureFixture) -> None:
    """A query compares plain numbers."""
    telemetry.advance_run(
        published=1,
        requeued=2,
        looked_at=3,
        changed=4,
        complete=False,
        bus_is_down=True,
        outbox_lag=timedelta(minutes=2),
        oldest_queued=timedelta(minutes=90),
    )
    told = fields(caplog.records[0])
    assert (told["outboxLagSeconds"], told["oldestQueuedHours"]) == (120.0, 1.5)
    assert (told["busIsDown"], told["complete"]) == (True, False)


def test_a_call_without_an_answer_has_no_status(caplog: pytest.LogCaptureFixture) -> None:
    """A field without a value is left out, because OpenTelemetry has no null."""
    telemetry.partner_center_call(operation="GET qualifications", http_status=None, code="timeout", throttled=False)
    assert "httpStatus" not in fields(caplog.records[0])


def test_telemetry_imports_the_standard_library_and_the_domain_only() -> None:
    """Every layer above the domain may call it, so it must depend on none of them."""
    tree = ast.parse(Path(telemetry.__file__).read_text(encoding="utf-8"))
    imported = {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    imported |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    foreign = {name for name in imported if not name.startswith("qualification.domain")}
    assert {name.split(".")[0] for name in foreign} <= set(sys.stdlib_module_names)
