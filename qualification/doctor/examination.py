"""All checks, one after the other."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from qualification.bootstrap import Service
from qualification.doctor import access, partner
from qualification.doctor.diagnosis import Diagnosis, Finding
from qualification.doctor.entities import entities
from qualification.doctor.roles import NETWORK
from qualification.doctor.sources import sources

PATIENCE = 45.0
"""Seconds for each check."""
ADDRESS_REMEDY = "Check the address in the app settings, and the network."

CHECKS: dict[str, Callable[[Service], Awaitable[list[Diagnosis]]]] = {
    "Azure identity": access.identity,
    "Record store": access.store,
    "Queue": access.queue,
    "Topic": access.topic,
    "Service Bus, entities": entities,
    partner.APP: partner.app,
    partner.ACCOUNT: partner.service_account,
}
"""Each may come to several diagnoses; the name stands for all of them where there is no answer."""


async def examine(
    service: Service, environment: Mapping[str, str], say: Callable[[str], None] = lambda _: None
) -> list[Diagnosis]:
    """Make all checks; one that gets no answer is a fault.

    Args:
        service: as its settings compose it.
        environment: these settings, by name.
        say: is told what is waited for.
    """
    diagnoses = await first_tokens(service, say)
    diagnoses += sources(environment, service.closed)
    for name, check in CHECKS.items():
        say(f"Checking {name} ...")
        diagnoses += await made(name, check(service))
    return diagnoses


async def first_tokens(service: Service, say: Callable[[str], None]) -> list[Diagnosis]:
    """A row for each token that is asked for first."""
    diagnoses: list[Diagnosis] = []
    for asker in access.askers(service):
        say(f"Waiting for {access.giver(service, asker)} to give a token for {asker} ...")
        diagnoses += await made(f"Azure sign-in, {asker}", access.first_token(service, asker))
    return diagnoses


async def made(name: str, check: Awaitable[list[Diagnosis]]) -> list[Diagnosis]:
    """What a check finds, within its time."""
    try:
        async with asyncio.timeout(PATIENCE):
            return await check
    except TimeoutError:
        return [Diagnosis(name, Finding.FAULT, f"no answer within {PATIENCE:g} s", ADDRESS_REMEDY, takes=NETWORK)]
