"""The composition root: app settings -> adapters -> use cases, built once, at first use.

Building is cheap: no adapter imports or opens its Azure or HTTP client before it is needed.
"""

import logging
import os
import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname
from uuid import UUID, uuid4

from pydantic import SecretStr

from qualification.credential import AzureCredential
from qualification.health import Health
from qualification.intake import Intake
from qualification.outbox import Outbox
from qualification.partner_center.client import PartnerCenterClient
from qualification.partner_center.managed_identity import ManagedIdentityAssertion
from qualification.partner_center.sign_in import SignIn
from qualification.partner_center.tokens import Tokens
from qualification.ports import Clock, SecretStore
from qualification.progress import Progress
from qualification.rejection import Rejections
from qualification.review import Reviews
from qualification.secret_store import FileSecretStore, KeyVaultSecretStore
from qualification.service_bus import ServiceBus
from qualification.settings import Identity, PartnerCenterSettings, Settings
from qualification.steps import Steps
from qualification.stores.records import KeyedRecordStore
from qualification.stores.rows import Rows
from qualification.stores.sqlite import SqliteRows
from qualification.stores.tables import TableRows
from qualification.submission import Submission
from qualification.upkeep import Upkeep
from qualification.webhooks.reception import Reception
from qualification.webhooks.registry import SOURCES, open_sources
from qualification.webhooks.source import Source


def utc_now() -> datetime:
    """The time, in aware UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """All use cases, wired to the world."""

    settings: Settings
    clock: Clock
    sources: Mapping[str, Source]
    intake: Intake
    reception: Reception
    submission: Submission
    progress: Progress
    upkeep: Upkeep
    health: Health
    store: KeyedRecordStore
    bus: ServiceBus
    secrets: SecretStore
    tokens: Tokens
    partner_center: PartnerCenterClient
    closing: tuple[Callable[[], Awaitable[None]], ...]

    async def close(self) -> None:
        """Let go of all connections and files."""
        for close in self.closing:
            await close()


@cache
def service() -> Service:
    """The service of this process, from its app settings.

    Raises:
        ConfigurationError: settings are missing or malformed; lists all of them.
    """
    for chatty in ("azure.core", "azure.identity", "azure.servicebus"):
        # They log each URL at INFO, and the keys of rows in URLs hold tenant ids.
        logging.getLogger(chatty).setLevel(logging.WARNING)
    return bootstrap(os.environ)


def bootstrap(
    environment: Mapping[str, str],
    *,
    clock: Clock = utc_now,
    new_id: Callable[[], UUID] = uuid4,
    chance: Callable[[], float] = random.random,
) -> Service:
    """Compose the service.

    Args:
        environment: app settings by name.
        clock: tells the time.
        new_id: makes ids.
        chance: makes jitter, from 0 to 1.

    Raises:
        ConfigurationError: settings are missing or malformed; lists all of them.
    """
    settings = Settings.load(environment, SOURCES)
    sources = open_sources(settings.sources)
    policy = settings.policy
    store = KeyedRecordStore(_rows(settings.record_storage))
    bus = ServiceBus(settings.service_bus, settings.queue, settings.topic)
    secrets = secret_store(settings.partner_center)
    sign_in = entra_sign_in(settings.partner_center, clock)
    tokens = Tokens(sign_in, secrets, clock=clock)
    partner_center = PartnerCenterClient(
        settings.partner_center.url,
        tokens,
        clock=clock,
        timeout=settings.partner_center.timeout,
        max_concurrency=settings.partner_center.max_concurrency,
    )
    partner = settings.partner_center.tenant_id
    outbox = Outbox(store=store, bus=bus)
    steps = Steps(store=store, outbox=outbox, clock=clock, policy=policy, chance=chance, partner_tenant_id=partner)
    reviews = Reviews(steps=steps, partner_center=partner_center, concurrency=settings.partner_center.max_concurrency)
    intake = Intake(store=store, bus=bus, clock=clock, policy=policy, new_id=new_id)
    rejections = Rejections(
        store=store, outbox=outbox, clock=clock, policy=policy, new_id=new_id, partner_tenant_id=partner
    )
    return Service(
        settings=settings,
        clock=clock,
        sources=sources,
        intake=intake,
        reception=Reception(intake=intake, rejections=rejections),
        submission=Submission(steps=steps, partner_center=partner_center, new_id=new_id),
        progress=Progress(steps=steps, bus=bus, reviews=reviews),
        upkeep=Upkeep(secrets=secrets, sign_in=tokens, store=store, clock=clock, partner_tenant_id=partner),
        health=Health(store=store, bus=bus),
        store=store,
        bus=bus,
        secrets=secrets,
        tokens=tokens,
        partner_center=partner_center,
        closing=(partner_center.close, sign_in.close, secrets.close, bus.close, store.close),
    )


def _rows(storage: SecretStr | Identity) -> Rows:
    if isinstance(storage, Identity):
        return TableRows.from_endpoint(storage.endpoint, AzureCredential(storage))
    location = storage.get_secret_value()
    return (
        SqliteRows.from_url(location) if location.startswith("sqlite:") else TableRows.from_connection_string(location)
    )


def secret_store(settings: PartnerCenterSettings) -> SecretStore:
    """Where the refresh token is kept."""
    location = settings.refresh_token
    if location.startswith("file:"):
        return FileSecretStore(Path(url2pathname(urlsplit(location).path)))
    return KeyVaultSecretStore(location, AzureCredential(settings.identity))


def entra_sign_in(settings: PartnerCenterSettings, clock: Clock = utc_now) -> SignIn:
    """The sign-in endpoint of the partner's tenant."""
    return SignIn(
        settings.login_url,
        str(settings.tenant_id),
        settings.client_id,
        settings.client_secret or ManagedIdentityAssertion(settings.identity.client_id),
        clock=clock,
        timeout=settings.timeout,
    )
