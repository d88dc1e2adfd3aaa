"""The request that takes the place of one whose sender wants another qualification now."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from qualification.domain.caller import Caller, CallerKind
from qualification.domain.correction import SUPERSEDED, TAKEN_BACK, correction_of, successor
from qualification.domain.lifecycle import accepted
from qualification.domain.record import Record
from qualification.domain.request import Qualification, QualificationRequest
from qualification.domain.status import Status
from qualification.use_cases.order import fingerprint
from tests.unit.builders import AT, CUSTOMER, NOW, TRACEPARENT, submitting, wanted

LATER = replace(AT, now=NOW + timedelta(hours=1))
ANNA = Caller(kind=CallerKind.FUNCTION_KEY, id="0badcafe", name="Anna")
OTHER = wanted(Qualification.GOVERNMENT_COMMUNITY_CLOUD)
NEW, ITS_OWN = UUID(int=1), UUID(int=2)


def replaced_by(content: QualificationRequest | None, request_id: UUID | None = None) -> Record:
    """A request whose write is out, and for which its sender wants something else meanwhile."""
    if content is None:
        return submitting()
    kept = correction_of(content, fingerprint(content), "dataverse", NOW, request_id, ANNA)
    return submitting(correction=kept)


def ended(record: Record, note: str = SUPERSEDED, status: Status = Status.FAILED) -> Record:
    """The same with its end, which nothing else is written after."""
    return record.entered(status, LATER.now, "dataverse", note)


@pytest.mark.parametrize(("told", "taken"), [(ITS_OWN, ITS_OWN), (None, NEW)], ids=["told before", "not told"])
def test_it_is_accepted_as_the_senders_newest_event_would_have_been(told: UUID | None, taken: UUID) -> None:
    """Under the id that the sender was told, if any, and with the validation code, which the ended one has no more."""
    record = replaced_by(OTHER, told)
    assert successor(record, ended(record), LATER, NEW) == accepted(
        Record(
            request_id=taken,
            customer_tenant_id=CUSTOMER,
            request=OTHER,
            source="dataverse",
            requested_by=ANNA,
            fingerprint=fingerprint(OTHER),
            first_fingerprint=fingerprint(OTHER),
            code_given=True,
            traceparent=TRACEPARENT,
            created_at=LATER.now,
            updated_at=LATER.now,
            history=(),
            work=None,
        ),
        LATER,
    )


@pytest.mark.parametrize(
    ("content", "note", "status"),
    [
        (OTHER, SUPERSEDED, Status.SUBMITTING),
        (OTHER, TAKEN_BACK, Status.FAILED),
        (None, SUPERSEDED, Status.FAILED),
        (wanted(website="fabrikam.edu"), SUPERSEDED, Status.FAILED),
    ],
    ids=["unfinished", "taken back", "nothing newer", "the same qualification"],
)
def test_nothing_takes_its_place_where_no_other_qualification_is_wanted(
    content: QualificationRequest | None, note: str, status: Status
) -> None:
    """A second request beside it would ask Microsoft for what nobody wants."""
    record = replaced_by(content)
    assert successor(record, ended(record, note, status), LATER, NEW) is None
