"""The composition root: app settings -> adapters -> use cases.

Settings are read and sources opened at once, so that every fault shows at the start. Each other part is imported and
built when it is first needed: a webhook that is refused pays for none, an accepted one not for Partner Center.
"""

import gc
import logging
import os
import random
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache, cached_property
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from qualification.partner_center.opening import open_sign_in, open_token_store
from qualification.settings.app_settings import Settings
from qualification.stores.opening import open_rows
from qualification.webhooks.reception import Reception
from qualification.webhooks.registry import SOURCES, open_sources

if TYPE_CHECKING:
    from qualification.partner_center.client import PartnerCenterClient
    from qualification.partner_center.sign_in import SignIn
    from qualification.partner_center.tokens import Tokens
    from qualification.service_bus.bus import ServiceBus
    from qualification.stores.records import KeyedRecordStore
    from qualification.use_cases.due_work import Progress
    from qualification.use_cases.health import Health
    from qualification.use_cases.intake import Intake
    from qualification.use_cases.outbox import Outbox
    from qualification.use_cases.ports import Clock, SecretStore
    from qualification.use_cases.steps import Steps
    from qualification.use_cases.submission import Submission
    from qualification.use_cases.token_renewal import Upkeep
    from qualification.webhooks.admission import Admission

NEW_OBJECTS = 50_000
"""After so many Python looks for cycles among them. By default it looks after 2,000, and walks through hundreds of records in
work that have none, again and again: a tenth of the processor time of a review."""


def utc_now() -> datetime:
    """The time, in aware UTC."""
    return datetime.now(UTC)


class Service:
    """All use cases, wired to the world.

    Raises:
        ConfigurationError: the settings of some sources cannot be right; lists them by name.
    """

    def __init__(
        self, settings: Settings, *, clock: "Clock", new_id: Callable[[], UUID], chance: Callable[[], float]
    ) -> None:
        self.settings = settings
        self._new_id = new_id
        self._chance = chance
        self.clock = clock
        self.sources = open_sources(settings.sources)
        self.reception = Reception(lambda: self.admission)

    @cached_property
    def store(self) -> "KeyedRecordStore":
        """The records."""
        from qualification.stores.records import KeyedRecordStore

        return KeyedRecordStore(open_rows(self.settings.record_storage))

    @cached_property
    def bus(self) -> "ServiceBus":
        """Queue and topic."""
        from qualification.service_bus.bus import ServiceBus

        return ServiceBus(self.settings.service_bus, self.settings.queue, self.settings.topic)

    @cached_property
    def secrets(self) -> "SecretStore":
        """Where the refresh token is kept."""
        return open_token_store(self.settings.partner_center)

    @cached_property
    def partner_center(self) -> "PartnerCenterClient":
        """Partner Center."""
        from qualification.partner_center.client import PartnerCenterClient

        settings = self.settings.partner_center
        return PartnerCenterClient(
            settings.url,
            self.tokens,
            clock=self.clock,
            timeout=settings.timeout,
            max_concurrency=settings.max_concurrency,
        )

    @cached_property
    def intake(self) -> "Intake":
        """Takes requests in."""
        from qualification.use_cases.intake import Intake

        return Intake(
            store=self.store, bus=self.bus, clock=self.clock, policy=self.settings.policy, new_id=self._new_id
        )

    @cached_property
    def admission(self) -> "Admission":
        """Takes in what proven webhooks hold."""
        from qualification.use_cases.rejection import Rejections
        from qualification.webhooks.admission import Admission

        rejections = Rejections(
            store=self.store,
            outbox=self._outbox,
            clock=self.clock,
            policy=self.settings.policy,
            new_id=self._new_id,
            partner_tenant_id=self.settings.partner_center.tenant_id,
        )
        return Admission(intake=self.intake, rejections=rejections)

    @cached_property
    def submission(self) -> "Submission":
        """Submits queued requests."""
        from qualification.use_cases.submission import Submission

        return Submission(steps=self._steps, partner_center=self.partner_center, new_id=self._new_id)

    @cached_property
    def progress(self) -> "Progress":
        """Does all work that is due."""
        from qualification.use_cases.due_work import Progress
        from qualification.use_cases.review import Reviews

        concurrency = self.settings.partner_center.max_concurrency
        reviews = Reviews(steps=self._steps, partner_center=self.partner_center, concurrency=concurrency)
        return Progress(steps=self._steps, bus=self.bus, reviews=reviews)

    @cached_property
    def upkeep(self) -> "Upkeep":
        """Keeps the refresh token alive."""
        from qualification.use_cases.token_renewal import Upkeep

        return Upkeep(
            secrets=self.secrets,
            sign_in=self.tokens,
            store=self.store,
            clock=self.clock,
            partner_tenant_id=self.settings.partner_center.tenant_id,
        )

    @cached_property
    def health(self) -> "Health":
        """Tells whether requests can be taken."""
        from qualification.use_cases.health import Health

        return Health(store=self.store, bus=self.bus)

    @cached_property
    def _sign_in(self) -> "SignIn":
        return open_sign_in(self.settings.partner_center, self.clock)

    @cached_property
    def tokens(self) -> "Tokens":
        """The access tokens for Partner Center."""
        from qualification.partner_center.tokens import Tokens

        return Tokens(self._sign_in, self.secrets, clock=self.clock)

    @cached_property
    def _outbox(self) -> "Outbox":
        from qualification.use_cases.outbox import Outbox

        return Outbox(store=self.store, bus=self.bus)

    @cached_property
    def _steps(self) -> "Steps":
        from qualification.use_cases.steps import Steps

        return Steps(
            store=self.store,
            outbox=self._outbox,
            clock=self.clock,
            policy=self.settings.policy,
            chance=self._chance,
            partner_tenant_id=self.settings.partner_center.tenant_id,
        )

    async def close(self) -> None:
        """Let go of all connections and files."""
        for name in ("partner_center", "_sign_in", "secrets", "bus", "store"):
            if name in vars(self):
                await getattr(self, name).close()


@cache
def service() -> Service:
    """The service of this process, from its app settings.

    Raises:
        ConfigurationError: settings are missing or malformed; lists all of them.
    """
    set_up_process()
    return bootstrap(os.environ)


def set_up_process() -> None:
    """What the service asks of the process as a whole, where nothing else runs."""
    for chatty in ("azure.core", "azure.identity", "azure.servicebus"):
        # They log each URL at INFO, and the keys of rows in URLs hold tenant ids.
        logging.getLogger(chatty).setLevel(logging.WARNING)
    gc.set_threshold(NEW_OBJECTS)


def bootstrap(
    environment: Mapping[str, str],
    *,
    clock: "Clock" = utc_now,
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
    return Service(Settings.load(environment, SOURCES), clock=clock, new_id=new_id, chance=chance)
