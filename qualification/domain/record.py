"""What the service keeps of a request: records, statuses, work items, hints. Pure data, no I/O; times are aware UTC."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from qualification.domain.call_errors import PartnerCenterError
from qualification.domain.caller import Caller
from qualification.domain.look import CustomerQualification
from qualification.domain.request import CamelModel, GovernmentRequest, Mode, Qualification, QualificationRequest
from qualification.domain.status import HistoryEntry, Status
from qualification.domain.waiting import Reason, Waiting
from qualification.domain.work import QueueMessage, Work, WorkAction


class RequestError(CamelModel):
    """What last went wrong with a request, for a person."""

    code: str
    description: str
    http_status: int | None = None
    correlation_id: UUID | None = None

    @classmethod
    def of(cls, error: PartnerCenterError) -> "RequestError":
        """What to keep of an error."""
        return cls(
            code=error.code,
            description=error.description,
            http_status=error.http_status,
            correlation_id=error.correlation_id,
        )


class Write(CamelModel):
    """The newest write of a request.

    Attributes:
        at: Partner Center's time of its answer or, without one, of the read ahead of it.
        claimed_at: this host's time of the claim, in aware UTC.
        settled: whether its outcome is recorded; a write that is not may be under way, or its process has died.
        looks: readable reads since then that showed no answer, the first of them after the write's time limit.
        throttled: whether it was answered 429.
    """

    at: datetime
    claimed_at: datetime
    settled: bool = False
    looks: int = 0
    throttled: bool = False


class Correction(CamelModel):
    """Newer content of a sender, kept while the older may still be answered.

    Attributes:
        request: the content; it may be about another qualification.
        fingerprint: of it.
        source: who sent it.
        at: when it came.
        code_given: whether it names a validation code.
        request_id: which request its event would have begun.
        requested_by: who asked for it.
    """

    request: QualificationRequest
    fingerprint: str
    source: str
    at: datetime
    code_given: bool = False
    request_id: UUID | None = None
    requested_by: Caller | None = None


class Decided(CamelModel):
    """The newest decision of a person, by which the same decision sent again is known.

    Attributes:
        action: what was decided.
        by: the caller's id.
        etag: of the state that was confirmed.
        fingerprint: of the corrected content, where the decision brought any.
    """

    action: str
    by: str
    etag: str | None = None
    fingerprint: str | None = None


class Doubtful(CamelModel):
    """What one read has shown and a second one must show again before it is believed.

    Attributes:
        row: the denial, or None where no row was left.
        since: the first read that showed it, by Partner Center's clock.
    """

    row: CustomerQualification | None
    since: datetime


class Record(CamelModel):
    """One request and all that is known about it; the truth that messages only point to."""

    request_id: UUID
    customer_tenant_id: UUID
    request: QualificationRequest
    source: str
    requested_by: Caller | None = None
    fingerprint: str
    first_fingerprint: str
    code_given: bool = Field(default=False, description="whether whoever asked named the validation code")
    traceparent: str | None = None
    status: Status = Status.QUEUED
    vetting_status: str | None = None
    vetting_reason: str | None = None
    error: RequestError | None = None
    remedy: str | None = None
    created_at: datetime
    updated_at: datetime
    history: tuple[HistoryEntry, ...]
    work: Work | None
    messages: int = Field(default=1, description="queue messages written for it so far")
    hinted_at: datetime | None = Field(default=None, description="since when a hint has waited for somebody to take it")
    failures: int = Field(default=0, description="failures in a row, for back-off")
    not_before: datetime | None = Field(default=None, description="no try before this")
    attempts: int = Field(default=0, description="writes that may have reached Microsoft")
    write: Write | None = Field(default=None, description="its newest write, from the claim on")
    writes: int = Field(default=0, description="those that count towards the two that go by themselves")
    earlier: Write | None = Field(default=None, description="the write before it, if that is out too")
    code_chosen: bool = Field(default=False, description="whether the service chose the validation code")
    out: bool = Field(default=False, description="accepted or in doubt, and neither approved nor denied since")
    taken: bool = Field(default=False, description="a write was accepted, or a review was adopted")
    known_look: int | None = Field(default=None, description="rows up to this read of the customer answer nothing")
    first_look_at: datetime | None = Field(default=None, description="of that read, by Partner Center's clock")
    follows_from: datetime | None = Field(
        default=None, description="moment of the row that was adopted; older ones answer nothing"
    )
    seen_in_review: bool = Field(default=False, description="a read has shown it in review")
    doubtful: Doubtful | None = Field(default=None, description="a denial or a loss that a second read must show")
    ms_request_id: UUID | None = Field(default=None, description="kept or renewed by what came of the last write")
    confirmed: frozenset[Reason] = Field(
        default=frozenset(), description="what a person has confirmed for the next write"
    )
    waiting: Waiting | None = None
    correction: Correction | None = Field(default=None, description="newer content that waits")
    withdrawn: str | None = Field(default=None, description="why the CRM wants it no longer, while a write is out")
    over_limit: int | None = Field(default=None, description="the source's daily limit, if this request was above it")
    decided: Decided | None = Field(default=None, description="a person's newest decision")
    retry_of: UUID | None = Field(default=None, description="the request that this one takes the place of")
    sequence: int = Field(default=0, description="number of its newest event")
    event_due: datetime | None = Field(default=None, description="when the outbox row of its newest event is due")
    raised: frozenset[str] = Field(default=frozenset(), description="attention events already raised")
    unread_since: datetime | None = Field(default=None, description="since when no read could be read")
    checked_at: datetime | None = Field(default=None, description="the newest readable read")

    @property
    def qualification(self) -> Qualification:
        """The qualification asked for."""
        return self.request.qualification

    @property
    def mode(self) -> Mode:
        """How Partner Center is asked."""
        return self.request.mode

    @property
    def in_review_since(self) -> datetime:
        """When vetting began, or was asked for once more; before that, when the request came in."""
        began = next((entry.at for entry in self.history if entry.status is Status.IN_REVIEW), self.created_at)
        return max(began, self.write.claimed_at) if self.write else began

    @property
    def newest_fingerprint(self) -> str:
        """Of the newest content that was taken, whether it is sent or kept."""
        return self.correction.fingerprint if self.correction else self.fingerprint

    @property
    def ended_at(self) -> datetime:
        """When it entered its status."""
        return self.history[-1].at

    @property
    def asked_at(self) -> datetime:
        """When it was last written or, before that, when it came in."""
        return self.write.claimed_at if self.write else self.created_at

    @property
    def speaks(self) -> bool:
        """Whether what Partner Center shows may be about it: unfinished, or a write has left it, or it was adopted."""
        return self.status.is_active or self.taken or self.attempts > 0

    def is_due(self, action: WorkAction, now: datetime) -> bool:
        """Whether its work item asks for this, by now."""
        return self.work is not None and self.work.action is action and self.work.due <= now

    def message(self, number: int) -> QueueMessage:
        """A hint for the queue that this request wants submitting."""
        return QueueMessage(self.customer_tenant_id, self.request_id, number)

    def changed(self, **fields: Any) -> "Record":
        """A copy with these fields changed."""
        return self.model_copy(update=fields)

    def entered(
        self, status: Status, now: datetime, by: str | None = None, note: str | None = None, **fields: Any
    ) -> "Record":
        """A copy in `status` since `now`, with these fields changed as well.

        A try that failed leaves no trace in the history, `attempts` counts it. A finished request does not need its
        validation code any more, so it is not kept.

        Args:
            status: the next status.
            now: aware UTC.
            by: who decided it, where a person did.
            note: why, for the history.
            fields: what else changes.
        """
        history = self.history
        if status is Status.QUEUED and history[-1].status is Status.SUBMITTING:
            history = history[:-1]
        if history[-1].status is not status or by or note:
            history = (*history, HistoryEntry(status=status, at=now, by=by, note=note))
        without = self if status.is_active else self._without_codes()
        return without.changed(status=status, updated_at=now, history=history, **fields)

    def _without_codes(self) -> "Record":
        correction = self.correction
        if correction is not None:
            correction = correction.model_copy(update={"request": _without_code(correction.request)})
        return self.changed(request=_without_code(self.request), correction=correction)


def _without_code(request: QualificationRequest) -> QualificationRequest:
    if isinstance(request, GovernmentRequest):
        return request.model_copy(update={"validation_code": None})
    return request
