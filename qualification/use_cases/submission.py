"""Submits a queued request to Partner Center: looks first, claims it, POSTs (or PUTs), records the outcome."""

import asyncio
import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from pydantic import SecretStr

from qualification.domain.decision import Adopt, Confirm, Refuse, Submit, check_budget, decide
from qualification.domain.errors import (
    CodesExhausted,
    LastAttempt,
    MalformedMessage,
    OutcomeUnknown,
    PartnerCenterError,
    RequestNotFound,
    StepConflict,
)
from qualification.domain.guid import parse_guid
from qualification.domain.lifecycle import can_submit, claimed, postponed
from qualification.domain.record import CustomerQualification, Posted, Record, Status
from qualification.domain.request import GovernmentRequest, Mode, Qualification
from qualification.domain.transition import Stored
from qualification.domain.vetting import observed
from qualification.use_cases import telemetry
from qualification.use_cases.alarms import Alarms
from qualification.use_cases.commit import Commit
from qualification.use_cases.moments import Moments
from qualification.use_cases.ports import NewId, PartnerCenter, RecordStore

TRIES = 5
"""How often a step that lost a race is decided anew before the message is left to redelivery."""

log = logging.getLogger(__name__)


def parse_message(body: bytes) -> tuple[UUID, UUID]:
    """Customer tenant id and request id of a queue message; ids are read from the body only.

    Raises:
        MalformedMessage: this service did not write it. It ends in the dead-letter queue.
    """
    try:
        content = json.loads(body)
        return parse_guid(content["customerTenantId"]), parse_guid(content["requestId"])
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise MalformedMessage(
            f"A message of {len(body)} bytes on the queue names no customerTenantId and requestId ({error!r}); "
            "it was not written by this service. Find its sender, then delete it from the dead-letter queue."
        ) from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """The use case behind the queue."""

    store: RecordStore
    partner_center: PartnerCenter
    commit: Commit
    alarms: Alarms
    moments: Moments
    new_id: NewId

    async def take(self, body: bytes) -> None:
        """Submit the request that a queue message points to.

        Raises:
            MalformedMessage: this service did not write it.
            QualificationError: as `submit`.
        """
        await self.submit(*parse_message(body))

    async def submit(self, customer_id: UUID, request_id: UUID) -> None:
        """Do what the request needs now; a repeated or early message does nothing.

        Raises:
            RequestNotFound: the message points to nothing.
            StepConflict: other workers kept changing the record; redelivery tries again.
            StoreUnavailable: the store is down; redelivery tries again.
        """
        for remaining in reversed(range(TRIES)):
            records = await self.store.records(customer_id)
            stored = next((each for each in records if each.record.request_id == request_id), None)
            if stored is None:
                raise RequestNotFound(f"No request {request_id} is stored for customer {customer_id}.")
            if not can_submit(stored.record, self.moments().now):
                log.info("request %s is %s: nothing to submit", request_id, stored.record.status)
                return
            try:
                await self._try(stored, [each.record for each in records if each is not stored])
            except StepConflict:
                if not remaining:
                    raise
            else:
                return

    async def _try(self, stored: Stored, others: Sequence[Record]) -> None:
        record = stored.record
        try:
            decision = await self._look(record, others)
            code = await self._choose_code(record) if isinstance(decision, Submit) else None
        except PartnerCenterError as error:
            await self._postpone(stored, error, sent=False)
            return
        match decision:
            case Adopt(found):
                log.info("request %s: Partner Center has it already", record.request_id)
                await self._observe(stored, found)
            case Refuse(refusal):
                await self._postpone(stored, refusal, sent=False)
            case Submit(denied_before):
                transition = claimed(
                    record,
                    ms_request_id=self.new_id(),
                    denied_before=denied_before,
                    validation_code=code,
                    moment=self.moments(),
                )
                await self._send(await self.commit(stored, transition))

    async def _look(self, record: Record, others: Sequence[Record]) -> Adopt | Refuse | Submit:
        if record.mode is Mode.SYNCHRONOUS:
            found = await self.partner_center.get_qualification(record.customer_tenant_id)
            qualifications = [found] if found else []
        else:
            qualifications = await self.partner_center.get_qualifications(record.customer_tenant_id)
        decision = decide(record, qualifications)
        if not isinstance(decision, Submit) or record.qualification is not Qualification.EDUCATION:
            return decision
        match check_budget(record, _spent(others)):
            case Confirm():
                raise _unconfirmed(record)
            case Refuse() as refusal:
                return refusal
            case Submit():
                return decision

    async def _choose_code(self, record: Record) -> SecretStr | None:
        if not isinstance(record.request, GovernmentRequest) or record.request.validation_code is not None:
            return None
        code = await self.partner_center.take_validation_code()
        if code is None:
            raise CodesExhausted(
                "validation-codes-exhausted",
                "None of the partner's validation codes has creates left.",
                partner_wide=True,
                remedy="Apply to Microsoft for another validation code, or name one in the request.",
            )
        return code

    async def _send(self, stored: Stored) -> None:
        record = stored.record
        if record.ms_request_id is None or record.lease_until is None:
            raise AssertionError("a claimed request has a lease and an MS-RequestId")
        send = self.partner_center.create_qualification
        if record.mode is Mode.SYNCHRONOUS:
            send = self.partner_center.update_qualification
        lease = record.lease_until - self.moments().now
        try:
            # The lease must outlast the call: once it ends another worker may look and send.
            async with asyncio.timeout(lease.total_seconds() * 0.9):
                found = await send(record.customer_tenant_id, record.request, ms_request_id=record.ms_request_id)
        except TimeoutError:
            error = OutcomeUnknown("timeout", "No answer came before the lease ended.")
            await self._settle(stored, error)
        except PartnerCenterError as error:
            await self._settle(stored, error)
        else:
            await self._settle(stored, found)

    async def _settle(self, stored: Stored, outcome: CustomerQualification | PartnerCenterError) -> None:
        """Record the outcome of a call, on top of whatever else has been stored meanwhile."""
        for remaining in reversed(range(TRIES)):
            try:
                if isinstance(outcome, PartnerCenterError):
                    await self._postpone(stored, outcome, sent=True)
                else:
                    await self._observe(stored, outcome)
            except StepConflict:
                again = await self.store.find(stored.record.customer_tenant_id, stored.record.request_id)
                if again is None or again.record.status is not Status.SUBMITTING:
                    return
                if not remaining:
                    raise
                stored = again
            else:
                return

    async def _observe(self, stored: Stored, found: CustomerQualification) -> None:
        await self.commit(stored, observed(stored.record, found, self.moments()))

    async def _postpone(self, stored: Stored, error: PartnerCenterError, *, sent: bool) -> None:
        moment = self.moments()
        telemetry.postponed(stored.record, error)
        transition = postponed(
            stored.record,
            error,
            sent=sent,
            alarm=await self.alarms.falls_to(stored.record, error, moment.now),
            moment=moment,
        )
        await self.commit(stored, transition)


def _spent(others: Sequence[Record]) -> int:
    return sum(other.posted is not Posted.NO and other.qualification is Qualification.EDUCATION for other in others)


def _unconfirmed(record: Record) -> LastAttempt:
    return LastAttempt(
        LastAttempt.attention,
        f"Education verification was requested twice for customer {record.customer_tenant_id}; this is the last time.",
        partner_wide=False,
        remedy="Check the customer's company data, then send the request again with confirmLastAttempt: true.",
    )
