"""Where a chaos run takes place: Service Bus and Partner Center, which keep the books, and two hosts to be killed."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from sandbox.chaos.clock import JumpingClock
from sandbox.chaos.hosts import Hosts
from sandbox.chaos.plan import Plan
from sandbox.chaos.stores import Store
from sandbox.chaos.ways import Ways, ways
from sandbox.partner_center import PartnerCenter, PartnerCenterThread, Settings, ValidationCode
from sandbox.service_bus import BrokerThread, Topology
from sandbox.service_settings import service_settings, webhook_secret
from sandbox.world import TOPOLOGY

QUEUE, TOPIC = "qualification-requests", "qualification-events"

RESEND_AFTER = timedelta(seconds=3)
"""A write in doubt is written once more after so long and five reads; an hour in production."""
HOSTILITY = 0.3
"""How likely a customer whose habits are drawn has each of them."""
PACE = RESEND_AFTER / timedelta(hours=1)
"""Hostile customers' times are drawn for production and pass as much faster as `RESEND_AFTER` is shorter."""

QUICK = {
    "PARTNER_CENTER_TIMEOUT": "PT0.5S",
    "PARTNER_CENTER_WRITE_TIMEOUT": "PT0.5S",
    "REVIEW_AGAIN": "PT6S",
    "RESEND_AFTER": f"PT{RESEND_AFTER.total_seconds():g}S",
    "CLOCK_AHEAD": "PT1.5S",
    "RETRY_FIRST": "PT0.3S",
    "RETRY_MAX": "PT1.5S",
    "REVIEW_FIRST": "PT0.3S",
    "REVIEW_MAX": "PT1.5S",
    # Clocks that jump by more make approved education due for its look.
    "REVIEW_APPROVED": "PT1H",
    "REVIEW_ENDED": "PT1H",
}


@dataclass(frozen=True, slots=True)
class Ground:
    """What runs, the clock of the hosts, and their ways to everything else."""

    broker: BrokerThread
    partner_center: PartnerCenterThread
    hosts: Hosts
    clock: JumpingClock
    ways: Ways
    secret: str

    @property
    def store(self) -> Store:
        """Where the records are."""
        return self.ways.store

    @property
    def now(self) -> datetime:
        """Partner Center's time."""
        return self.partner_center.run(PartnerCenter.now)

    def pass_time(self, seconds: float) -> None:
        """Let time pass for everybody at once, Partner Center and hosts."""
        self.partner_center.run(lambda state: state.advance(seconds))
        self.clock.jump(seconds)


@contextmanager
def ground(folder: Path, plan: Plan, azurite: int | None = None) -> Iterator[Ground]:
    """Start Service Bus and Partner Center with the customers of a plan; the hosts are made and not started.

    Service Bus drops no duplicates here, so that every message that is sent twice comes twice; locks last a second.
    """
    topology = (
        Topology.load(TOPOLOGY)
        .with_properties(QUEUE, RequiresDuplicateDetection=False, LockDuration="PT1S")
        .with_properties(TOPIC, RequiresDuplicateDetection=False)
    )
    codes = [_code("GCC-of-the-partner")] + [
        _code(customer.code) for customer in plan.everybody.values() if customer.code
    ]
    with ExitStack() as stack:
        broker = stack.enter_context(BrokerThread(topology))
        behaviour = Settings(seed=plan.seed, hostility=HOSTILITY, pace=PACE)
        partner_center = stack.enter_context(
            PartnerCenterThread(partner_center=PartnerCenter(codes=codes, settings=behaviour))
        )
        # Partner Center itself deals the others their habits, at their first call.
        for customer in (each for each in plan.everybody.values() if not each.is_hostile):
            partner_center.run(partial(PartnerCenter.script, script=customer.script, customer=customer.id))
        secret = webhook_secret()
        clock = JumpingClock(folder / "clock")
        settings = service_settings(
            service_bus=broker.connection_string,
            partner_center_url=partner_center.url,
            credentials=partner_center.credentials,
            folder=folder,
            secret=secret,
        )
        on_the_way = stack.enter_context(ways(folder, plan.seed, broker, partner_center, azurite))
        own = {**on_the_way.settings, "CHAOS_CLOCK": str(clock.path)}
        hosts = Hosts(settings | QUICK | own, folder, on_the_way.environment)
        stack.callback(hosts.stop)
        yield Ground(broker, partner_center, hosts, clock, on_the_way, secret)


def _code(code: str) -> ValidationCode:
    return ValidationCode(validation_id=code, max_creates=100_000, remaining_creates=100_000)
