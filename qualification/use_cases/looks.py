"""Reads customers at Partner Center, unless a pause holds everybody, and notes whether it answers."""

from dataclasses import dataclass
from uuid import UUID

from qualification.domain.call_errors import PartnerCenterError
from qualification.domain.look import Look
from qualification.use_cases.hold import Holds
from qualification.use_cases.ports import PartnerCenter


@dataclass(frozen=True, slots=True, kw_only=True)
class Looks:
    """Reads of customers."""

    partner_center: PartnerCenter
    holds: Holds

    async def read(self, customer_id: UUID) -> Look:
        """What Partner Center shows of a customer now.

        Raises:
            PartnerCenterError: it does not say, or a pause holds everybody.
        """
        await self.holds.check_read()
        try:
            look = await self.partner_center.get_qualifications(customer_id)
        except PartnerCenterError as error:
            raise await self.holds.failed(error, customer_id) from None
        await self.holds.answered(customer_id, look.at)
        return look
