import json
from collections.abc import Callable
from datetime import timedelta

import pytest

from qualification.api.location import location
from qualification.api.status_resource import StatusResource
from qualification.domain.call_errors import PartnerCenterError
from qualification.domain.caller import Caller, CallerKind
from qualification.domain.customer import Certainty, Customer, Verification
from qualification.domain.hold import Cause, Hold, Pause, Stop
from qualification.domain.outcome import failed, postponed
from qualification.domain.record import Record
from qualification.domain.request import Qualification, QualificationRequest
from qualification.domain.status import Status
from qualification.domain.transition import CustomerState, Newest, Stored
from qualification.domain.waiting import Reason, Waiting
from tests.unit.builders import (
    ACCESS_LOST,
    AT,
    CODE,
    CUSTOMER,
    NOW,
    REFUSED,
    REQUEST,
    UNAVAILABLE,
    approved,
    in_review,
    queued,
    submitting,
    wanted,
)
from tests.unit.golden_file import golden

HOUR = timedelta(hours=1)
IN_DOUBT = Verification(certainty=Certainty.IN_DOUBT, request_id=REQUEST, write=1)
WAITS = Waiting(reason=Reason.LAST_ATTEMPT, detail="Two are spent.", remedy="Confirm or cancel.", since=NOW)
ANNA = Caller(kind=CallerKind.FUNCTION_KEY, id="0badcafe", name="Anna")
GOLDEN = {
    "status-resource-waiting.json": queued(waiting=WAITS, checked_at=NOW, requested_by=ANNA),
    "status-resource-failed.json": failed(queued(), REFUSED, AT).record.changed(retry_of=REQUEST),
}


def state_of(record: Record, *, verifications: tuple[Verification, ...] = ()) -> CustomerState:
    """A customer with this request alone."""
    newest = Newest(record.request_id, record.status.is_active, "1")
    customer = Customer(customer_tenant_id=CUSTOMER, verifications=verifications)
    return CustomerState(customer, "1", (Stored(record, "1"),), {record.qualification: newest})


def resource(
    record: Record, hold: Hold | None = None, service_url: str = "", verifications: tuple[Verification, ...] = ()
) -> StatusResource:
    """What its caller sees."""
    return StatusResource.of(record, state_of(record, verifications=verifications), hold or Hold(), NOW, service_url)


@pytest.mark.parametrize("name", GOLDEN)
def test_the_status_resource_is_what_callers_rely_on(name: str) -> None:
    """It is public API; the golden file is the whole of it."""
    assert json.loads(resource(GOLDEN[name]).model_dump_json(by_alias=True)) == golden(name)


@pytest.mark.parametrize("make", [queued, submitting, in_review, approved])
def test_it_shows_no_secret_and_nothing_of_the_inside(make: Callable[[QualificationRequest], Record]) -> None:
    """No validation code, and no fingerprint of content or MS-RequestId either."""
    record = make(wanted(Qualification.GOVERNMENT_COMMUNITY_CLOUD))
    shown = resource(record).model_dump_json(by_alias=True)
    assert CODE not in shown
    assert json.loads(shown).keys() == golden("status-resource-failed.json").keys()


def test_attempts_that_are_left_are_told_once_somebody_has_read() -> None:
    """Of education only, and never more than is known: what is in doubt counts."""
    read = queued(checked_at=NOW)
    assert resource(queued()).attempts_left is None
    assert resource(read).attempts_left == 3
    assert resource(read, verifications=(IN_DOUBT,)).attempts_left == 2
    other = queued(wanted(Qualification.STATE_OWNED_ENTITY), checked_at=NOW)
    assert resource(other).attempts_left is None


STOP = Stop(since=NOW, by="Anna (key 0badcafe)", note="an audit")
CAUSE = Cause(
    reason=Reason.ACCESS_LOST, code="10001", detail="MFA is missing.", remedy="Sign in.", since=NOW, next_probe=NOW
)
PAUSE = Pause(since=NOW, until=NOW + HOUR)


@pytest.mark.parametrize(
    ("hold", "reason"),
    [
        (Hold(), None),
        (Hold(stop=STOP, cause=CAUSE, pause=PAUSE), "stopped"),
        (Hold(cause=CAUSE, pause=PAUSE), "access-lost"),
        (Hold(pause=PAUSE), "throttled"),
        (Hold(pause=Pause(since=NOW - HOUR, until=NOW)), None),
    ],
)
def test_what_holds_everybody_is_what_a_queued_request_waits_for(hold: Hold, reason: str | None) -> None:
    """Where it has no reason of its own; what Microsoft vets, or has ended, waits for none of it."""
    found = resource(queued(), hold).waiting_for
    assert (found and found.reason, found and found.kind) == (reason, reason and "cause")
    own = resource(queued(waiting=WAITS), hold).waiting_for
    assert own
    assert own.reason == "last-attempt"
    assert resource(in_review(), hold).waiting_for is None
    assert resource(approved(), hold).waiting_for is None


def test_the_etag_is_of_what_a_person_decides_on() -> None:
    """Status, content, attempts, and what it waits for; never the validation code, nor when it was read."""
    record = queued(wanted(website="contoso.edu"))
    tag = resource(record).etag
    assert resource(record.changed(checked_at=NOW, updated_at=NOW + HOUR, work=None, failures=3)).etag == tag
    changed = [
        record.changed(status=Status.SUBMITTING),
        record.changed(request=wanted(website="fabrikam.edu")),
        record.changed(attempts=1),
        record.changed(waiting=WAITS),
        record.changed(waiting=WAITS.model_copy(update={"detail": "Three are spent."})),
        record.changed(waiting=WAITS.model_copy(update={"since": NOW + HOUR})),
        record.changed(request_id=CUSTOMER),
    ]
    assert len({tag, *(resource(each).etag for each in changed)}) == len(changed) + 1
    government = Qualification.GOVERNMENT_COMMUNITY_CLOUD
    codes = [queued(wanted(government, validationCode=code)) for code in (CODE, None)]
    assert len({resource(each).etag for each in codes}) == 1


@pytest.mark.parametrize("error", [UNAVAILABLE, ACCESS_LOST])
def test_a_read_that_fails_keeps_the_etag(error: PartnerCenterError) -> None:
    """Nothing that a person decides on has changed."""
    record = queued()
    assert resource(postponed(record, error, AT).record).etag == resource(record).etag


def test_it_links_to_itself() -> None:
    """On the service, or as a path, which is right whatever host name the caller used."""
    path = f"/api/customers/{CUSTOMER}/qualifications/{REQUEST}"
    assert location("", CUSTOMER, REQUEST) == path
    assert resource(queued(), service_url="https://contoso.example").links.self == f"https://contoso.example{path}"


@pytest.mark.parametrize(
    ("before_due", "seconds"),
    [(timedelta(minutes=1), 60), (timedelta(seconds=1.2), 2), (timedelta(), 1), (-timedelta(hours=1), 1)],
)
def test_retry_after_is_when_there_may_be_news(before_due: timedelta, seconds: int) -> None:
    """Whole seconds, rounded up, and at least one."""
    found = resource(queued())
    assert found.next_check_at
    assert found.retry_after(found.next_check_at - before_due) == seconds


def test_a_finished_request_has_no_next_check() -> None:
    """There will be no news."""
    found = resource(GOLDEN["status-resource-failed.json"])
    assert (found.next_check_at, found.retry_after(NOW)) == (None, 1)
