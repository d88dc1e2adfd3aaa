import json
from collections.abc import Callable
from datetime import timedelta

import pytest

from qualification.api.location import location
from qualification.api.status_resource import StatusResource
from qualification.domain.lifecycle import postponed
from qualification.domain.record import Record
from qualification.domain.request import Qualification, QualificationRequest
from qualification.domain.timing import Moment
from tests.unit.builders import (
    CODE,
    CUSTOMER,
    NOW,
    POLICY,
    REQUEST,
    UNAVAILABLE,
    approved,
    in_review,
    queued,
    row,
    see,
    submitting,
    wanted,
)
from tests.unit.golden_file import golden

GOLDEN = {
    "status-resource-waiting.json": postponed(
        submitting(), UNAVAILABLE, sent=True, alarm=False, moment=Moment(NOW, 1.0, POLICY)
    ).record,
    "status-resource-denied.json": see(in_review(), row("Denied"), NOW + timedelta(days=2)),
}


@pytest.mark.parametrize("name", GOLDEN)
def test_the_status_resource_is_what_callers_rely_on(name: str) -> None:
    """It is public API; the golden file is the whole of it."""
    assert json.loads(StatusResource.of(GOLDEN[name], "").model_dump_json(by_alias=True)) == golden(name)


@pytest.mark.parametrize("make", [queued, submitting, in_review, approved])
def test_it_shows_no_secret_and_nothing_of_the_inside(make: Callable[[QualificationRequest], Record]) -> None:
    """No validation code, and no lease, fingerprint or MS-RequestId either."""
    record = make(wanted(Qualification.GOVERNMENT_COMMUNITY_CLOUD))
    shown = StatusResource.of(record, "").model_dump_json(by_alias=True)
    assert CODE not in shown
    assert json.loads(shown).keys() == golden("status-resource-denied.json").keys()


def test_it_links_to_itself() -> None:
    """On the service, or as a path, which is right whatever host name the caller used."""
    path = f"/api/customers/{CUSTOMER}/qualifications/{REQUEST}"
    assert location("", CUSTOMER, REQUEST) == path
    assert StatusResource.of(queued(), "https://contoso.example").links.self == f"https://contoso.example{path}"


@pytest.mark.parametrize(
    ("before_due", "seconds"),
    [(timedelta(minutes=1), 60), (timedelta(seconds=1.2), 2), (timedelta(), 1), (-timedelta(hours=1), 1)],
)
def test_retry_after_is_when_there_may_be_news(before_due: timedelta, seconds: int) -> None:
    """Whole seconds, rounded up, and at least one."""
    resource = StatusResource.of(queued(), "")
    assert resource.next_check_at
    assert resource.retry_after(resource.next_check_at - before_due) == seconds


def test_a_finished_request_has_no_next_check() -> None:
    """There will be no news."""
    resource = StatusResource.of(GOLDEN["status-resource-denied.json"], "")
    assert (resource.next_check_at, resource.retry_after(NOW)) == (None, 1)
