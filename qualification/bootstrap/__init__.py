"""The composition root: app settings -> adapters -> use cases.

Everything is wired at once, and so is every fault of the settings shown at the start. What an adapter talks to is opened,
and its SDK imported, at the first call: a webhook that is refused pays for none.
"""

import logging
import os
import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from uuid import uuid4

from qualification.bootstrap.adapters import Adapters
from qualification.domain.errors import ConfigurationError
from qualification.settings.app_settings import Settings
from qualification.settings.environment import read
from qualification.settings.process import set_up_process
from qualification.stores.marker import MarkedRows
from qualification.stores.records import KeyedRecordStore
from qualification.stores.rows import Rows
from qualification.use_cases.clock_alerts import ClockAlerts
from qualification.use_cases.commit import Commit
from qualification.use_cases.daily_limit import DailyLimits
from qualification.use_cases.decisions import Decisions
from qualification.use_cases.due_work import DueWork
from qualification.use_cases.health import Health
from qualification.use_cases.hold import Holds
from qualification.use_cases.intake import Intake
from qualification.use_cases.looks import Looks
from qualification.use_cases.moments import Moments
from qualification.use_cases.outbox import Outbox
from qualification.use_cases.ports import Bus, Chance, Clock, NewId, PartnerCenter, TokenStore
from qualification.use_cases.refusals import Refusals
from qualification.use_cases.rejection import Rejections
from qualification.use_cases.review import Reviews
from qualification.use_cases.source_alerts import SourceAlerts
from qualification.use_cases.submission import Submission
from qualification.use_cases.token_renewal import TokenIssuer, TokenRenewal
from qualification.use_cases.unreadable import UnreadableRows
from qualification.use_cases.waiting_log import WaitingLog
from qualification.use_cases.writes import Writes
from qualification.webhooks.endpoint import Endpoint
from qualification.webhooks.registry import Closed, faults_of, open_sources
from qualification.webhooks.source import Source

log = logging.getLogger(__name__)


def utc_now() -> datetime:
    """The time, in aware UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """All use cases, wired to the world."""

    settings: Settings
    clock: Clock
    adapters: Adapters
    sources: Mapping[str, Source]
    closed: Closed
    store: KeyedRecordStore
    endpoint: Endpoint
    intake: Intake
    decisions: Decisions
    holds: Holds
    submission: Submission
    due_work: DueWork
    token_renewal: TokenRenewal
    health: Health
    source_alerts: SourceAlerts
    refusals: Refusals
    waiting_log: WaitingLog

    async def close(self) -> None:
        """Let go of all connections and files."""
        await self.adapters.close()


def bootstrap(  # noqa: PLR0913  one argument a port
    environment: Mapping[str, str],
    *,
    rows: Rows | None = None,
    bus: Bus | None = None,
    partner_center: PartnerCenter | None = None,
    tokens: TokenIssuer | None = None,
    token_store: TokenStore | None = None,
    clock: Clock = utc_now,
    new_id: NewId = uuid4,
    chance: Chance = random.random,
) -> Service:
    """Compose the service.

    Args:
        environment: app settings by name.
        rows: stands in for the record store's database, and so on for each port; None is what the settings name.
        bus: for Service Bus.
        partner_center: for Partner Center.
        tokens: for what renews the refresh token.
        token_store: for where that is kept, as far as its renewal looks there.
        clock: tells the time.
        new_id: makes ids.
        chance: makes jitter, from 0 to 1.

    Raises:
        ConfigurationError: settings of the service are missing or malformed; lists these and those of closed sources.
    """
    settings, own = read(Settings, environment)
    sources, closed = open_sources(environment)
    if settings is None:
        raise ConfigurationError(own | faults_of(closed))
    partner, concurrency = settings.partner_center.tenant_id, settings.partner_center.max_concurrency

    # The world, or what stands in for it.
    adapters = Adapters.of(settings, clock)
    bus, calls = bus or adapters.bus, partner_center or adapters.partner_center
    store = KeyedRecordStore(MarkedRows(rows or adapters.rows, clock))

    # What all share.
    moments = Moments(clock=clock, chance=chance, policy=settings.policy)
    outbox = Outbox(store=store, bus=bus)
    commit = Commit(store=store, outbox=outbox)
    clock_alerts = ClockAlerts(store=store, outbox=outbox, moments=moments, partner_tenant_id=partner)
    holds = Holds(store=store, outbox=outbox, moments=moments, clock_alerts=clock_alerts, partner_tenant_id=partner)
    looks = Looks(partner_center=calls, holds=holds)
    unreadable = UnreadableRows(store=store, outbox=outbox, moments=moments)

    # Requests come in.
    limits = DailyLimits(store=store, outbox=outbox, moments=moments, partner_tenant_id=partner)
    intake = Intake(store=store, bus=bus, commit=commit, moments=moments, new_id=new_id, limits=limits)
    rejections = Rejections(store=store, outbox=outbox, moments=moments, new_id=new_id, partner_tenant_id=partner)
    alerts = SourceAlerts(store=store, outbox=outbox, moments=moments, partner_tenant_id=partner, closed=closed)
    decisions = Decisions(store=store, bus=bus, commit=commit, moments=moments, new_id=new_id)

    # They go to Partner Center.
    writes = Writes(store=store, partner_center=calls, holds=holds, commit=commit, moments=moments, new_id=new_id)
    submission = Submission(
        store=store,
        partner_center=calls,
        looks=looks,
        writes=writes,
        holds=holds,
        commit=commit,
        moments=moments,
        new_id=new_id,
        confirm_first=settings.confirm_first,
    )

    # The timer follows them to their end.
    reviews = Reviews(
        store=store, looks=looks, commit=commit, moments=moments, unreadable=unreadable, concurrency=concurrency
    )
    due_work = DueWork(
        store=store,
        bus=bus,
        outbox=outbox,
        moments=moments,
        reviews=reviews,
        submission=submission,
        unreadable=unreadable,
        follow_for=settings.partner_center.follow_for,
    )
    token_renewal = TokenRenewal(
        token_store=token_store or adapters.token_store,
        tokens=tokens or adapters.tokens,
        store=store,
        clock=clock,
        partner_tenant_id=partner,
    )

    return Service(
        settings=settings,
        clock=clock,
        adapters=adapters,
        sources=sources,
        closed=closed,
        store=store,
        endpoint=Endpoint(intake=intake, rejections=rejections),
        intake=intake,
        decisions=decisions,
        holds=holds,
        submission=submission,
        due_work=due_work,
        token_renewal=token_renewal,
        health=Health(store=store, bus=bus, clock=clock, closed=faults_of(closed)),
        source_alerts=alerts,
        waiting_log=WaitingLog(store=store, holds=holds, clock=clock),
        refusals=Refusals(clock=clock),
    )


@cache
def service() -> Service:
    """The service of this process, from its app settings.

    Raises:
        ConfigurationError: settings are missing or malformed; lists all of them.
    """
    set_up_process()
    found = bootstrap(os.environ)
    for name, fault in faults_of(found.closed).items():
        log.error("%s: %s; its source is closed", name, fault)
    return found
