"""Checks a deployment, or a local set-up, from its app settings alone; each fault comes with a remedy."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from qualification.bootstrap import Service
from qualification.errors import BusUnavailable, PartnerCenterError, QualificationError
from qualification.upkeep import RENEW_AFTER, WARN_AFTER

PATIENCE = 45.0
"""Seconds for each check."""
WORST_SKEW = timedelta(seconds=60)

STORE_REMEDY = "Check RecordStorage; an identity needs the role Storage Table Data Contributor."
BUS_REMEDY = (
    "Check ServiceBusConnection, QUALIFICATION_QUEUE and QUALIFICATION_TOPIC; an identity needs the roles Azure Service "
    "Bus Data Sender (queue and topic) and Azure Service Bus Data Receiver (queue)."
)
ADDRESS_REMEDY = "Check the address in the app settings, and the network."
MFA_REMEDY = "Sign in again with MFA as the service account: python -m qualification sign-in."
CLOCK_REMEDY = "Set this machine's clock by NTP; signatures and tokens depend on it."


class Finding(StrEnum):
    """What a check found: a fault stops requests, a warning will."""

    OK = "ok"
    WARNING = "warning"
    FAULT = "FAULT"


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """The outcome of one check."""

    finding: Finding
    detail: str
    remedy: str = ""


async def examine(service: Service) -> list[tuple[str, Diagnosis]]:
    """All checks by name, one after the other; a check that cannot be made is a fault."""
    return [(name, await _made(check(service))) for name, check in CHECKS.items()]


def exit_code(diagnoses: Sequence[tuple[str, Diagnosis]]) -> int:
    """0 where all is well, 1 with warnings only, 2 with a fault."""
    findings = {diagnosis.finding for _, diagnosis in diagnoses}
    if Finding.FAULT in findings:
        return 2
    return 1 if Finding.WARNING in findings else 0


async def _made(check: Awaitable[Diagnosis]) -> Diagnosis:
    try:
        async with asyncio.timeout(PATIENCE):
            return await check
    except TimeoutError:
        return Diagnosis(Finding.FAULT, f"no answer within {PATIENCE:g} s", ADDRESS_REMEDY)
    except PartnerCenterError as error:
        return Diagnosis(Finding.FAULT, str(error), error.remedy)
    except BusUnavailable as error:
        return Diagnosis(Finding.FAULT, str(error), BUS_REMEDY)
    except QualificationError as error:
        return Diagnosis(Finding.FAULT, str(error), STORE_REMEDY)


async def _store(service: Service) -> Diagnosis:
    await service.intake.store.ping()
    return Diagnosis(Finding.OK, "answers")


async def _sending(service: Service) -> Diagnosis:
    await service.bus.ping()
    return Diagnosis(Finding.OK, "queue and topic can be opened for sending")


async def _receiving(service: Service) -> Diagnosis:
    count = await service.bus.count_dead_letters()
    if count:
        remedy = "Read their DeadLetterReason; requests are not lost with them, the timer queues them again."
        return Diagnosis(Finding.WARNING, f"messages in the dead-letter queue: {count}", remedy)
    return Diagnosis(Finding.OK, "the queue can be opened, no dead letters")


async def _app_only(service: Service) -> Diagnosis:
    codes = await service.partner_center.get_validation_codes()
    left = [code for code in codes if code.has_creates_left]
    detail = f"the app signs in; validation codes with creates left: {len(left)} of {len(codes)}"
    if codes and not left:
        return Diagnosis(Finding.WARNING, detail, "Apply to Microsoft for another validation code.")
    return Diagnosis(Finding.OK, detail)


async def _service_account(service: Service) -> Diagnosis:
    if not await service.partner_center.validate_mfa():
        return Diagnosis(Finding.FAULT, "signs in, but without the MFA claim that Partner Center wants", MFA_REMEDY)
    return Diagnosis(Finding.OK, "signs in with MFA, and Partner Center lets it read")


async def _refresh_token(service: Service) -> Diagnosis:
    age = service.clock() - (await service.secrets.read()).stored_at
    detail = f"stored {age.days} days ago"
    if age >= WARN_AFTER:
        return Diagnosis(Finding.FAULT, f"{detail}; it dies after 90", MFA_REMEDY)
    if age >= RENEW_AFTER + timedelta(days=1):
        return Diagnosis(Finding.WARNING, f"{detail}; the timer should have renewed it", "Look at advance_requests.")
    return Diagnosis(Finding.OK, detail)


async def _clock(service: Service) -> Diagnosis:
    skew = await service.partner_center.clock_skew()
    if skew is None:
        return Diagnosis(Finding.WARNING, "Partner Center tells no time to compare with")
    finding = Finding.FAULT if abs(skew) > WORST_SKEW else Finding.OK
    return Diagnosis(
        finding, f"{skew.total_seconds():+.0f} s from Partner Center's", "" if finding is Finding.OK else CLOCK_REMEDY
    )


CHECKS: dict[str, Callable[[Service], Awaitable[Diagnosis]]] = {
    "Record store": _store,
    "Service Bus, sending": _sending,
    "Service Bus, receiving": _receiving,
    "Partner Center, the app": _app_only,
    "Partner Center, the service account": _service_account,
    "Refresh token": _refresh_token,
    "Clock": _clock,
}
