"""Submits a queued request to Partner Center: reads, decides, signs in, claims, and has it written."""

import logging
from collections.abc import Collection
from dataclasses import dataclass, replace
from uuid import UUID

from pydantic import SecretStr

from qualification.domain import ledger
from qualification.domain.call_errors import PartnerCenterError
from qualification.domain.decision import EXCLUDES, Adopt, ReadOn, Refuse, Submit, Wait, decide
from qualification.domain.errors import RequestNotFound, StepConflict, StoreUnavailable
from qualification.domain.lifecycle import can_submit, claimed, held
from qualification.domain.look import Look
from qualification.domain.outcome import failed, postponed
from qualification.domain.record import Record
from qualification.domain.request import GovernmentRequest, Qualification
from qualification.domain.review import reviewed
from qualification.domain.transition import CustomerState, Step, Stored
from qualification.domain.unclear import noted
from qualification.domain.vetting import adopted
from qualification.domain.waiting import Reason
from qualification.use_cases import telemetry
from qualification.use_cases.commit import Commit
from qualification.use_cases.hint import parse_message
from qualification.use_cases.hold import Holds
from qualification.use_cases.looks import Looks
from qualification.use_cases.moments import Moments
from qualification.use_cases.ports import NewId, PartnerCenter, RecordStore
from qualification.use_cases.writes import Writes

TRIES = 5
"""How often a step that lost a race is decided anew before the message is left to redelivery."""

NO_CODES = Wait(
    Reason.VALIDATION_CODES_EXHAUSTED,
    "None of the partner's validation codes has creates left.",
    "Apply to Microsoft for another validation code, or name one in a request.",
)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """The use case behind the queue.

    Attributes:
        confirm_first: the qualifications that wait for a person before they are sent.
    """

    store: RecordStore
    partner_center: PartnerCenter
    looks: Looks
    writes: Writes
    holds: Holds
    commit: Commit
    moments: Moments
    new_id: NewId
    confirm_first: Collection[Qualification] = ()

    async def take(self, body: bytes) -> None:
        """Submit the request that a queue message points to.

        A hint that meets an outage is given back as done: the timer repeats it, and redelivery within seconds would only
        end in the dead-letter queue.

        Raises:
            MalformedMessage: this service did not write it.
        """
        customer_id, request_id = parse_message(body)
        try:
            await self.submit(customer_id, request_id)
        except (StoreUnavailable, StepConflict) as error:
            telemetry.hint_given_back(request_id=request_id, customer_tenant_id=customer_id, error=error)

    async def submit(self, customer_id: UUID, request_id: UUID) -> None:
        """Do what the request needs now; a repeated or early message does nothing.

        Raises:
            RequestNotFound: the message points to nothing.
            StepConflict: other workers kept changing the record; redelivery tries again.
            StoreUnavailable: the store is down; redelivery tries again.
        """
        for remaining in reversed(range(TRIES)):
            state = (await self.store.customers(customer_id))[customer_id]
            stored = state.find(request_id)
            if stored is None and state.unreadable:
                log.error("request %s cannot be read by this version; the timer alerts somebody", request_id)
                return
            if stored is None:
                raise RequestNotFound(f"No request {request_id} is stored for customer {customer_id}.")
            if not can_submit(stored.record, self.moments().now):
                log.info("request %s is %s: nothing to submit", request_id, stored.record.status)
                return
            try:
                await self._try(state, stored)
            except StepConflict:
                if not remaining:
                    raise
            else:
                return

    async def _try(self, state: CustomerState, stored: Stored) -> None:
        record = stored.record
        try:
            await self.holds.check_try(record.customer_tenant_id)
            look = await self.looks.read(record.customer_tenant_id)
        except PartnerCenterError as error:
            await self._postpone(state, stored, error)
            return
        record = record.changed(unread_since=None, checked_at=self.moments().now)
        others = state.others(record)
        seen = noted(state.customer.after(look), others, look)
        match decide(
            record,
            others,
            seen,
            look,
            policy=self.moments.policy,
            unreadable=state.unreadable,
            confirm_first=self.confirm_first,
        ):
            case Adopt(found):
                log.info("request %s: Partner Center has it already", record.request_id)
                transition = adopted(record, found, seen, self.moments())
                seen = ledger.after_adoption(seen, record, found.row)
                await self.commit(state, [Step(stored, transition)], seen)
            case ReadOn():
                step = reviewed(record, seen, state.unreadable, look, self.moments())
                await self.commit(state, [Step(stored, step)], seen)
            case Refuse(refusal):
                telemetry.request_postponed(record, refusal)
                await self.commit(state, [Step(stored, failed(record, refusal, self.moments()))], seen)
            case Wait() as wait:
                await self.commit(state, [Step(stored, held(record, wait, self.moments()))], seen)
            case Submit():
                await self._claim_and_write(state.with_customer(seen), replace(stored, record=record), look)

    async def _claim_and_write(self, state: CustomerState, stored: Stored, look: Look) -> None:
        record = stored.record
        try:
            code, none_left = await self._choose_code(record)
            await self._sign_in(record)
            probe = await self.holds.check_write(record.customer_tenant_id)
        except PartnerCenterError as error:
            await self._postpone(state, stored, error)
            return
        if none_left:
            await self.commit(state, [Step(stored, held(record, NO_CODES, self.moments()))], state.customer)
            return
        transition = claimed(
            record, look, state.customer.looks, ms_request_id=self.new_id(), validation_code=code, moment=self.moments()
        )
        customer = ledger.after_claim(state.customer, transition.record)
        (claim,) = await self.commit(state, [Step(stored, transition)], customer, EXCLUDES.get(record.qualification))
        await self.writes.send(claim.record, look, probe=probe)

    async def _sign_in(self, record: Record) -> None:
        try:
            await self.partner_center.sign_in()
        except PartnerCenterError as error:
            raise await self.holds.failed(error, record.customer_tenant_id, record.request_id) from None

    async def _choose_code(self, record: Record) -> tuple[SecretStr | None, bool]:
        """A validation code where the service must choose one, and whether none is left."""
        if not isinstance(record.request, GovernmentRequest) or record.request.validation_code is not None:
            return None, False
        codes = await self.partner_center.validation_codes()
        return (codes[0], False) if codes else (None, True)

    async def _postpone(self, state: CustomerState, stored: Stored, error: PartnerCenterError) -> None:
        telemetry.request_postponed(stored.record, error)
        alone = await self.holds.others_are_read()
        await self.commit(state, [Step(stored, postponed(stored.record, error, self.moments(), alone=alone))])
