import json
import re
from collections.abc import Iterator

import pytest

from qualification.api.handlers import problems
from qualification.api.problem import KINDS, PAGE, problem
from qualification.domain import errors
from qualification.domain.call_errors import PartnerCenterError
from qualification.domain.errors import Fault, QualificationError
from tests.unit.builders import CUSTOMER, REQUEST

SERVICE = "https://contoso.example"
PATH = f"/api/customers/{CUSTOMER}/qualifications"
WORDS = "in words for a caller"
SAMPLES: dict[type[QualificationError], QualificationError] = {
    errors.BodyTooLarge: errors.BodyTooLarge(WORDS),
    errors.UnreadableBody: errors.UnreadableBody(WORDS),
    errors.InvalidRequest: errors.InvalidRequest([Fault("/mode", "must be one"), Fault("", "must be an object")]),
    errors.InvalidIdentifier: errors.InvalidIdentifier(WORDS),
    errors.SenderNotProven: errors.SenderNotProven(WORDS),
    errors.UnknownSource: errors.UnknownSource(WORDS),
    errors.SourceNotConfigured: errors.SourceNotConfigured(WORDS),
    errors.SourceMisconfigured: errors.SourceMisconfigured("hubspot", {"WEBHOOK_HUBSPOT_URL": "is missing"}),
    errors.IdempotencyKeyReused: errors.IdempotencyKeyReused(WORDS),
    errors.ActiveRequestExists: errors.ActiveRequestExists(CUSTOMER, REQUEST),
    errors.RequestNotFound: errors.RequestNotFound(WORDS),
    errors.UnknownAction: errors.UnknownAction(WORDS),
    errors.ActionNotAllowed: errors.ActionNotAllowed("confirm", "Approved", ["retry"]),
    errors.PreconditionRequired: errors.PreconditionRequired(WORDS),
    errors.PreconditionFailed: errors.PreconditionFailed(WORDS),
    errors.StoreUnavailable: errors.StoreUnavailable("disk /var/records.db is full"),
    errors.StoreMissing: errors.StoreMissing("There is none: create-store."),
    errors.StepConflict: errors.StepConflict("row changed"),
    errors.ConfigurationError: errors.ConfigurationError({"QUALIFICATION_QUEUE": "is missing"}),
}
STATUSES = {
    "body-too-large": 413,
    "unreadable-body": 400,
    "invalid-request": 422,
    "invalid-identifier": 400,
    "sender-not-proven": 401,
    "unknown-source": 404,
    "source-not-configured": 503,
    "source-misconfigured": 503,
    "idempotency-key-reused": 422,
    "active-request-exists": 409,
    "request-not-found": 404,
    "unknown-action": 404,
    "action-not-allowed": 409,
    "precondition-required": 428,
    "precondition-failed": 412,
    "store-unavailable": 503,
    "service-misconfigured": 503,
}


def kinds(of: type[QualificationError] = QualificationError) -> Iterator[type[QualificationError]]:
    """All errors of the tree."""
    for kind in of.__subclasses__():
        yield kind
        yield from kinds(kind)


def test_every_error_a_caller_can_meet_is_a_problem() -> None:
    """The rest stays between this service, the queue and Partner Center."""
    unseen = {kind for kind in kinds() if kind not in KINDS}
    inside = {kind for kind in unseen if issubclass(kind, PartnerCenterError)}
    assert unseen - inside == {errors.MalformedMessage, errors.BusUnavailable, errors.Overtaken}
    assert KINDS.keys() == SAMPLES.keys()


@pytest.mark.parametrize("error", SAMPLES.values(), ids=lambda error: type(error).__name__)
def test_a_problem_has_the_members_of_rfc_9457(error: QualificationError) -> None:
    """Type, title, status, detail and instance; it is JSON, and its status is the answer's."""
    found = problem(error, SERVICE)
    body = json.loads(json.dumps(found.body(PATH)))
    page, _, slug = body["type"].partition("#")
    assert page == f"{SERVICE}/api/problems"
    assert (body["status"], body["instance"]) == (found.status, PATH)
    assert body["title"]
    assert body["detail"]
    assert STATUSES[slug] == found.status


def test_a_problem_type_has_one_title_and_one_status() -> None:
    """What two errors share they share altogether."""
    assert len({slug for slug, _, _ in KINDS.values()}) == len(set(KINDS.values())) == len(STATUSES)


def test_every_type_leads_to_a_heading_of_the_page() -> None:
    """And every heading explains a type that there is."""
    page = problems().get_body().decode()
    assert set(re.findall('<h2 id="(.+?)">', page)) == set(STATUSES)


def test_the_page_is_served_as_one_that_loads_and_runs_nothing() -> None:
    """To anybody, even where settings have faults."""
    answer = problems()
    assert (answer.status_code, answer.mimetype, answer.charset) == (200, "text/html", "utf-8")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_where_nobody_knows_the_service_links_are_paths() -> None:
    """A reference that a client resolves against the URL that it called (RFC 9457, 3.1.1)."""
    found = problem(SAMPLES[errors.ActiveRequestExists], "")
    assert found.body(PATH)["type"] == f"{PAGE}#active-request-exists"
    assert found.headers == {"Location": f"{PATH}/{REQUEST}"}


def test_an_invalid_request_lists_every_fault() -> None:
    """Each with a JSON pointer."""
    body = problem(SAMPLES[errors.InvalidRequest], SERVICE).body(PATH)
    assert body["errors"] == [
        {"pointer": "/mode", "detail": "must be one"},
        {"pointer": "", "detail": "must be an object"},
    ]


def test_an_active_request_is_linked() -> None:
    """In the body, and as the header that every client knows."""
    found = problem(SAMPLES[errors.ActiveRequestExists], SERVICE)
    assert found.headers == {"Location": f"{SERVICE}{PATH}/{REQUEST}"}
    assert found.body(PATH)["links"] == {"active": f"{SERVICE}{PATH}/{REQUEST}"}


@pytest.mark.parametrize("error", SAMPLES.values(), ids=lambda error: type(error).__name__)
def test_what_passes_says_when_to_come_back(error: QualificationError) -> None:
    """503 and Retry-After go together."""
    found = problem(error, SERVICE)
    assert (found.status == 503) == ("Retry-After" in found.headers)


def test_a_missing_store_says_what_to_do() -> None:
    """Nobody but whoever runs the service can; a caller passes it on."""
    assert "create-store" in problem(SAMPLES[errors.StoreMissing], SERVICE).detail


@pytest.mark.parametrize("kind", [errors.StoreUnavailable, errors.StepConflict, errors.ConfigurationError])
def test_what_happened_inside_is_not_told(kind: type[QualificationError]) -> None:
    """A caller can do nothing with paths, rows and setting names; the log has them."""
    detail = str(problem(SAMPLES[kind], SERVICE).body(PATH))
    assert not any(inside in detail for inside in ("/var", "row", "QUALIFICATION_QUEUE"))
