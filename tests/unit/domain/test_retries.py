"""A new request in the place of one that has ended: when that may be, and what it is made of."""

from datetime import timedelta
from uuid import UUID

import pytest

from qualification.domain.actions import may_retry, retried
from qualification.domain.caller import Caller, CallerKind
from qualification.domain.correction import correction_of
from qualification.domain.customer import Customer
from qualification.domain.record import Record
from qualification.domain.request import Qualification, QualificationRequest
from qualification.domain.status import HistoryEntry, Status
from qualification.domain.timing import Moment
from qualification.domain.transition import CustomerState, Newest, Stored, Transition
from qualification.domain.work import Work, WorkAction
from tests.unit.builders import CUSTOMER, NOW, POLICY, REQUEST, TRACEPARENT, queued, wanted

EDUCATION = Qualification.EDUCATION
GOVERNMENT = Qualification.GOVERNMENT_COMMUNITY_CLOUD
STATE_OWNED = Qualification.STATE_OWNED_ENTITY
ANNA = Caller(kind=CallerKind.FUNCTION_KEY, id="0badcafe", name="Anna")
AT = Moment(NOW + timedelta(hours=1), 1.0, POLICY)
NEW = UUID(int=99)


def of(qualification: Qualification, status: Status, number: int) -> Record:
    """Another request of the customer."""
    return queued(wanted(qualification), status=status, request_id=UUID(int=number))


def state(*records: Record) -> CustomerState:
    """What is stored of the customer; the last request of each qualification is the newest."""
    return CustomerState(
        Customer(customer_tenant_id=CUSTOMER),
        records=tuple(Stored(each, "1") for each in records),
        guards={each.qualification: Newest(each.request_id, each.status.is_active, "1") for each in records},
    )


def corrected_to(content: QualificationRequest, record: Record) -> Record:
    """The request, for which a CRM has sent other content since."""
    return record.changed(correction=correction_of(content, "another", "dataverse", NOW))


@pytest.mark.parametrize("status", Status)
def test_only_what_failed_or_was_denied_or_cancelled_is_retried(status: Status) -> None:
    """What is approved needs none, and what was revoked is Microsoft's word."""
    record = queued(status=status)
    assert may_retry(record, state(record)) is (status in {Status.FAILED, Status.DENIED, Status.CANCELLED})


def test_an_older_request_is_not_retried() -> None:
    """The newest stands for its qualification; one without any trace of being it does not either."""
    record = queued(status=Status.FAILED)
    assert not may_retry(record, state(record, of(EDUCATION, Status.DENIED, 1)))
    assert may_retry(record, state(of(EDUCATION, Status.DENIED, 1), record))
    assert not may_retry(record, CustomerState(Customer(customer_tenant_id=CUSTOMER), records=(Stored(record, "1"),)))


@pytest.mark.parametrize(
    ("other", "may"),
    [
        (of(EDUCATION, Status.APPROVED, 1), False),
        (of(EDUCATION, Status.REVOKED, 1), True),
        (of(STATE_OWNED, Status.APPROVED, 1), True),
        (of(STATE_OWNED, Status.QUEUED, 1), True),
        (of(GOVERNMENT, Status.APPROVED, 1), True),
        (of(GOVERNMENT, Status.IN_REVIEW, 1), True),
    ],
    ids=lambda value: f"{value.qualification}-{value.status}" if isinstance(value, Record) else str(value),
)
def test_only_requests_for_the_same_stand_in_the_way(other: Record, may: bool) -> None:  # noqa: FBT001  a column of the table
    """The customer has it already where one of them is approved; another qualification is another matter."""
    record = queued(status=Status.DENIED)
    assert may_retry(record, state(other, record)) is may


@pytest.mark.parametrize(
    ("other", "may"),
    [
        (of(GOVERNMENT, Status.APPROVED, 1), False),
        (of(GOVERNMENT, Status.IN_REVIEW, 1), False),
        (of(GOVERNMENT, Status.DENIED, 1), True),
        (of(STATE_OWNED, Status.IN_REVIEW, 1), True),
        (of(EDUCATION, Status.APPROVED, 1), False),
    ],
    ids=lambda value: f"{value.qualification}-{value.status}" if isinstance(value, Record) else str(value),
)
def test_what_was_corrected_to_another_qualification_asks_about_both(other: Record, may: bool) -> None:  # noqa: FBT001  a column of the table
    """The retry would send the correction, so nothing may be under way or approved for that."""
    record = corrected_to(wanted(GOVERNMENT), queued(status=Status.DENIED))
    assert may_retry(record, state(other, record)) is may


@pytest.mark.parametrize(("note", "words"), [(None, "retried"), ("the website was wrong", "the website was wrong")])
@pytest.mark.parametrize(
    ("content", "code_given"),
    [
        (wanted(website="newer.edu"), False),
        (wanted(GOVERNMENT), True),
        (wanted(GOVERNMENT, validationCode=None), False),
    ],
    ids=["education", "government with a code", "government without"],
)
def test_a_retry_is_a_request_of_its_own(
    content: QualificationRequest,
    code_given: bool,  # noqa: FBT001  a column of the table
    note: str | None,
    words: str,
) -> None:
    """Nothing of the old one's troubles comes along; it says whose place it takes, who asked, and in which trace."""
    old = queued(status=Status.FAILED, failures=5, attempts=2, source="standard")
    step = retried(
        old,
        AT,
        request_id=NEW,
        request=content,
        fingerprint="newer",
        by=ANNA,
        note=note,
        traceparent=TRACEPARENT,
    )
    assert step == Transition(
        Record(
            request_id=NEW,
            customer_tenant_id=CUSTOMER,
            request=content,
            source="standard",
            requested_by=ANNA,
            fingerprint="newer",
            first_fingerprint="newer",
            code_given=code_given,
            traceparent=TRACEPARENT,
            created_at=AT.now,
            updated_at=AT.now,
            history=(HistoryEntry(status=Status.QUEUED, at=AT.now, by="Anna (key 0badcafe)", note=words),),
            work=Work(action=WorkAction.QUEUE, due=AT.now + POLICY.retry_first),
            hinted_at=AT.now,
            retry_of=REQUEST,
        )
    )


def test_a_retry_that_sends_a_correction_belongs_to_who_sent_that() -> None:
    """Its events go to the CRM whose content it is."""
    old = corrected_to(wanted(website="newer.edu"), queued(status=Status.DENIED))
    step = retried(old, AT, request_id=NEW, request=wanted(), fingerprint="newer", by=ANNA, note=None)
    assert (step.record.source, step.record.traceparent) == ("dataverse", None)
