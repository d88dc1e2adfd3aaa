"""Sends a claimed write, repeats it once where its token is not taken, and records what came of it."""

import asyncio
from dataclasses import dataclass

from qualification.domain import ledger
from qualification.domain.call_errors import (
    AccessLost,
    OutcomeUnknown,
    PartnerCenterError,
    Refused,
    Throttled,
    Unsent,
    is_unauthorized,
)
from qualification.domain.correction import successor
from qualification.domain.decision import EXCLUDES
from qualification.domain.errors import StepConflict
from qualification.domain.lifecycle import CLAIM_HOLDS, claimed
from qualification.domain.look import Look
from qualification.domain.outcome import recoded, settled
from qualification.domain.record import Record
from qualification.domain.request import GovernmentRequest, Mode
from qualification.domain.status import Status
from qualification.domain.transition import CustomerState, Step, Stored
from qualification.domain.vetting import accepted_with
from qualification.use_cases import telemetry
from qualification.use_cases.commit import Commit
from qualification.use_cases.hold import Holds
from qualification.use_cases.moments import Moments
from qualification.use_cases.ports import Accepted, NewId, PartnerCenter, RecordStore

TRIES = 5
"""How often an outcome that lost a race is recorded anew before the timer takes the write for one in doubt."""
NOTHING = "Nothing to do: it goes again."
CHANGED = Unsent("not-begun", "The request changed before it could go again with a new token.", remedy=NOTHING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Writes:
    """What happens from a claim on."""

    store: RecordStore
    partner_center: PartnerCenter
    holds: Holds
    commit: Commit
    moments: Moments
    new_id: NewId

    async def send(self, claim: Record, look: Look, *, probe: bool) -> None:
        """Send a claimed write and record its outcome.

        Args:
            claim: the request as it was claimed.
            look: the read ahead of the claim.
            probe: whether it is the one write that a cause lets through; such a one is never repeated.

        Raises:
            StepConflict, StoreUnavailable: the outcome is not recorded, so the write is in doubt.
        """
        outcome = await self._sent(claim, probe=probe)
        if not probe and isinstance(outcome, PartnerCenterError) and is_unauthorized(outcome):
            claim, outcome = await self._repeated(claim, look, outcome)
        if isinstance(outcome, Accepted):
            await self.holds.answered(claim.customer_tenant_id, outcome.at, writes=True, probe=probe)
        else:
            outcome = await self.holds.failed(outcome, claim.customer_tenant_id, claim.request_id, probe=probe)
        await self._settle(claim, outcome)

    async def _sent(self, claim: Record, *, probe: bool) -> Accepted | PartnerCenterError:
        write = claim.write
        if claim.ms_request_id is None or write is None:
            raise AssertionError("a claimed request has an MS-RequestId and a write")
        try:
            await self.holds.check_claimed(probe=probe)
        except Unsent as error:
            return error
        if self.moments().now - write.claimed_at > CLAIM_HOLDS:
            return Unsent("not-begun", "The write could not begin in time.", remedy=NOTHING)
        send = self.partner_center.create_qualification
        if claim.mode is Mode.SYNCHRONOUS:
            send = self.partner_center.update_qualification
        limit = self.moments.policy.write_timeout.total_seconds()
        try:
            async with asyncio.timeout(limit):
                return await send(claim.customer_tenant_id, claim.request, ms_request_id=claim.ms_request_id)
        except TimeoutError:
            remedy = (
                "Nothing to do: the service reads at Partner Center whether it took effect, and goes on from there."
            )
            return OutcomeUnknown("timeout", f"No answer came within {limit:g} s.", remedy=remedy)
        except PartnerCenterError as error:
            return error

    async def _repeated(
        self, claim: Record, look: Look, refused: PartnerCenterError
    ) -> tuple[Record, Accepted | PartnerCenterError]:
        """Once more with a new token, under a claim of its own; the claim that stands then, and what came of it."""
        if (error := await self._new_token(refused)) is not None:
            return claim, error
        state, stored = await self._stored(claim)
        if stored is None or not _is_wanted(stored.record, claim):
            return claim, CHANGED
        # What the first token was refused for is one attempt with what goes under the second.
        back = settled(stored.record, claim, refused, self.moments()).record
        # Nobody is shown a token that was only too old.
        back = back.changed(attempts=claim.attempts - 1, error=stored.record.error, remedy=stored.record.remedy)
        again = claimed(
            back, look, state.customer.looks, ms_request_id=self.new_id(), validation_code=None, moment=self.moments()
        )
        customer = ledger.after_claim(state.customer, again.record)
        try:
            (second,) = await self.commit(state, [Step(stored, again)], customer, EXCLUDES.get(claim.qualification))
        except StepConflict:
            return claim, CHANGED
        return second.record, await self._sent(second.record, probe=False)

    async def _new_token(self, refused: PartnerCenterError) -> PartnerCenterError | None:
        """Sign in anew; what the write comes to where there is no new token."""
        try:
            await self.partner_center.sign_in()
        except (Throttled, Unsent) as error:
            return Unsent(error.code, error.description, remedy=error.remedy, at=error.at, retry_at=error.retry_at)
        except AccessLost as error:
            # The write was refused, and the sign-in says why.
            return error.as_answered(401, refused.at or self.moments().now)
        except PartnerCenterError:
            return refused
        return None

    async def _stored(self, claim: Record) -> tuple[CustomerState, Stored | None]:
        """The request as it is stored now, unless somebody has claimed it again."""
        state = (await self.store.customers(claim.customer_tenant_id))[claim.customer_tenant_id]
        stored = state.find(claim.request_id)
        return state, stored if stored is not None and stored.record.write == claim.write else None

    async def _settle(self, claim: Record, outcome: Accepted | PartnerCenterError) -> None:
        """Record the outcome of a write, on top of whatever else has been stored meanwhile."""
        choose_anew = await self._lost_code(claim, outcome)
        for remaining in reversed(range(TRIES)):
            state, stored = await self._stored(claim)
            if stored is None:
                return
            record = stored.record
            if isinstance(outcome, Accepted):
                customer = ledger.after_acceptance(state.customer, claim)
                transition = accepted_with(record, outcome.row, Look((), outcome.at), self.moments())
            else:
                telemetry.request_postponed(record, outcome)
                customer = ledger.after_failure(state.customer, claim, outcome)
                # What a sender has said meanwhile goes ahead of another code for the old.
                still = record.status is Status.SUBMITTING and not (record.correction or record.withdrawn)
                moment = self.moments()
                anew = choose_anew and still
                transition = recoded(record, outcome, moment) if anew else settled(record, claim, outcome, moment)
            steps = [Step(stored, transition)]
            begun = successor(record, transition.record, self.moments(), self.new_id())
            if begun is not None and state.active(begun.record.qualification) is None:
                steps.append(Step(None, begun))
            try:
                await self.commit(state, steps, customer)
            except StepConflict:
                if not remaining:
                    raise
            else:
                return

    async def _lost_code(self, claim: Record, outcome: Accepted | PartnerCenterError) -> bool:
        """Whether a refusal may be about a validation code that somebody else has used up meanwhile."""
        request, only = claim.request, claim.earlier is None
        if not (isinstance(outcome, Refused) and claim.code_chosen and only and isinstance(request, GovernmentRequest)):
            return False
        try:
            return request.validation_code not in await self.partner_center.validation_codes()
        except PartnerCenterError:
            return False


def _is_wanted(record: Record, claim: Record) -> bool:
    """Whether what was claimed is still what is to be sent: nobody has ended or corrected it meanwhile."""
    return record.status is claim.status and record.correction is None and record.withdrawn is None
