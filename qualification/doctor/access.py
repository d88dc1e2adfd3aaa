"""Checks of what the service needs of Azure, each by doing it: tokens, store, queue and topic."""

import time
from collections.abc import Awaitable

from pydantic import SecretStr

from qualification.bootstrap import Service
from qualification.doctor.diagnosis import Diagnosis, Finding
from qualification.doctor.roles import RECEIVER, SENDER, TABLES, proven, taken
from qualification.domain.errors import BusUnavailable, StoreMissing, StoreUnavailable
from qualification.service_bus.bus import SCOPE as BUS_SCOPE
from qualification.settings.connections import Identity
from qualification.settings.no_token import NoToken
from qualification.stores.tables import SCOPE as STORE_SCOPE

MAKE_REMEDY = "If RecordStorage names the right place: python -m qualification create-store, in a new installation."
FILE_REMEDY = "Check the path in RecordStorage, and that whoever runs the service may read and write that file."
DEAD_LETTERS_REMEDY = "Read their DeadLetterReason; requests are not lost with them, the timer queues them again."


async def identity(service: Service) -> list[Diagnosis]:
    """A row where the roles that are proven are not those of the deployed service."""
    settings = service.settings
    connections = [settings.service_bus, settings.record_storage]
    if not settings.partner_center.refresh_token.startswith("file:"):
        connections.append(settings.partner_center.identity)
    if not any(isinstance(each, Identity) and not each.managed for each in connections):
        return []
    detail = (
        "roles below are those of whoever is signed in here; those of the deployed service cannot be proven from here"
    )
    remedy = "Compare what its identity has with docs/reference/roles.md: az role assignment list --all --assignee PRINCIPAL_ID."
    return [Diagnosis("Azure identity", Finding.NOT_CHECKED, detail, remedy)]


def askers(service: Service) -> dict[str, tuple[Identity, str]]:
    """What needs a token before it can be checked, and the scope of that.

    The first token of az takes longer than the store waits for an answer, and is no fault of the store. The vault waits.
    """
    wanted = {
        "record store": (service.settings.record_storage, STORE_SCOPE),
        "Service Bus": (service.settings.service_bus, BUS_SCOPE),
    }
    return {name: (target, scope) for name, (target, scope) in wanted.items() if isinstance(target, Identity)}


def giver(service: Service, asker: str) -> str:
    """Who is asked for it, in words."""
    return service.adapters.credentials.of(askers(service)[asker][0]).giver


async def first_token(service: Service, asker: str) -> list[Diagnosis]:
    """Whether there is a token; whoever gives it may take its time."""
    name = f"Azure sign-in, {asker}"
    identity, scope = askers(service)[asker]
    credential = service.adapters.credentials.of(identity)
    began = time.monotonic()
    try:
        await credential.get_token(scope)
    except NoToken as error:
        return [Diagnosis(name, Finding.FAULT, str(error), error.remedy, takes="a sign-in of your own (az login)")]
    return [Diagnosis(name, Finding.OK, f"{credential.giver} gave a token after {time.monotonic() - began:.1f} s")]


async def store(service: Service) -> list[Diagnosis]:
    """Whether records can be read and written."""
    name = "Record store"
    try:
        await service.store.ping()
        await service.store.prove_writing()
    except StoreMissing as error:
        return [Diagnosis(name, Finding.FAULT, str(error), MAKE_REMEDY)]
    except StoreUnavailable as error:
        storage = service.settings.record_storage
        return [Diagnosis(name, Finding.FAULT, str(error), _store_remedy(storage), takes=taken(storage, TABLES))]
    may = proven(service.settings.record_storage, TABLES, "no role needed")
    return [Diagnosis(name, Finding.OK, f"reads and writes; {may}")]


async def queue(service: Service) -> list[Diagnosis]:
    """Whether the queue can be sent to and received from; its dead letters."""
    return [
        await _sending("Queue, sending", "QUALIFICATION_QUEUE", service.adapters.bus.open_sender("queue"), service),
        await _receiving(service),
    ]


async def topic(service: Service) -> list[Diagnosis]:
    """Whether the topic can be sent to."""
    return [await _sending("Topic, sending", "QUALIFICATION_TOPIC", service.adapters.bus.open_sender("topic"), service)]


async def _sending(name: str, setting: str, opening: Awaitable[None], service: Service) -> Diagnosis:
    try:
        await opening
    except BusUnavailable as error:
        remedy, takes = _remedy(service, setting, SENDER, "Send"), taken(service.settings.service_bus, SENDER)
        return Diagnosis(name, Finding.FAULT, str(error), remedy, takes=takes)
    return Diagnosis(name, Finding.OK, f"opens; {proven(service.settings.service_bus, SENDER, 'the key may send')}")


async def _receiving(service: Service) -> Diagnosis:
    name = "Queue, receiving"
    try:
        count = await service.adapters.bus.count_dead_letters()
    except BusUnavailable as error:
        remedy = _remedy(service, "QUALIFICATION_QUEUE", RECEIVER, "Listen")
        return Diagnosis(name, Finding.FAULT, str(error), remedy, takes=taken(service.settings.service_bus, RECEIVER))
    may = proven(service.settings.service_bus, RECEIVER, "the key may listen")
    if count:
        detail = f"opens; {may}; messages in the dead-letter queue: {count}"
        return Diagnosis(name, Finding.WARNING, detail, DEAD_LETTERS_REMEDY)
    return Diagnosis(name, Finding.OK, f"opens; {may}; no dead letters")


def _store_remedy(storage: SecretStr | Identity) -> str:
    if isinstance(storage, Identity):
        return f"Check RecordStorage__tableServiceUri, and who asks: it takes the role {TABLES} on the storage account."
    if storage.get_secret_value().startswith("sqlite:"):
        return FILE_REMEDY
    return "Check RecordStorage: the account's name, its key, and its network."


def _remedy(service: Service, setting: str, role: str, right: str) -> str:
    if isinstance(service.settings.service_bus, Identity):
        namespace = "ServiceBusConnection__fullyQualifiedNamespace"
        return f"Check {namespace} and {setting}, and who asks: it takes the role {role} on it."
    return f"Check ServiceBusConnection and {setting}; its key needs the right {right}."
