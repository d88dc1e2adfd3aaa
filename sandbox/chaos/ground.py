"""Where a chaos run takes place: Service Bus and Partner Center, which keep the books, and two hosts to be killed."""

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from sandbox.chaos.clock import JumpingClock
from sandbox.chaos.hosts import Hosts
from sandbox.chaos.plan import Plan
from sandbox.partner_center import PartnerCenter, PartnerCenterThread, ValidationCode
from sandbox.service_bus import BrokerThread, Topology
from sandbox.service_settings import service_settings, webhook_secret
from sandbox.world import TOPOLOGY

QUEUE, TOPIC = "qualification-requests", "qualification-events"

QUICK = {
    "PARTNER_CENTER_TIMEOUT": "PT0.5S",
    "PARTNER_CENTER_WRITE_TIMEOUT": "PT0.5S",
    # A write in doubt is written once more after so long and five reads.
    "REVIEW_AGAIN": "PT3S",
    "RESEND_AFTER": "PT3S",
    "RETRY_FIRST": "PT0.3S",
    "RETRY_MAX": "PT1.5S",
    "REVIEW_FIRST": "PT0.3S",
    "REVIEW_MAX": "PT1.5S",
    # Clocks that jump by more make approved education due for its look.
    "REVIEW_APPROVED": "PT1H",
}


@dataclass(frozen=True, slots=True)
class Ground:
    """What runs, and where the store and the clock of the hosts are."""

    broker: BrokerThread
    partner_center: PartnerCenterThread
    hosts: Hosts
    clock: JumpingClock
    database: Path
    secret: str

    def lock_store(self) -> sqlite3.Connection:
        """Make the store refuse writes, as another process does that holds it, until the connection is closed."""
        connection = sqlite3.connect(self.database, timeout=10, isolation_level=None, check_same_thread=False)
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.Error:
            connection.close()
            raise
        return connection


@contextmanager
def ground(folder: Path, plan: Plan) -> Iterator[Ground]:
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
        partner_center = stack.enter_context(PartnerCenterThread(partner_center=PartnerCenter(codes=codes)))
        for customer in plan.everybody.values():
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
        hosts = Hosts(settings | QUICK | {"CHAOS_CLOCK": str(clock.path)}, folder)
        stack.callback(hosts.stop)
        yield Ground(broker, partner_center, hosts, clock, folder / "records.db", secret)


def _code(code: str) -> ValidationCode:
    return ValidationCode(validation_id=code, max_creates=100_000, remaining_creates=100_000)
