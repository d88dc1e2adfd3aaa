"""Carries out what else happens to the service: wrong answers, outages, locks, clocks that jump, foreign messages."""

import json
import time
from collections import Counter
from contextlib import suppress
from uuid import uuid4

from azure.servicebus import ServiceBusClient, ServiceBusMessage
from azure.servicebus.exceptions import ServiceBusError

from sandbox.chaos.blows import Mishap, PlannedMishap
from sandbox.chaos.ground import QUEUE, Ground
from sandbox.chaos.people import People
from sandbox.partner_center import PartnerCenter

LATENCY = 0.3
"""Seconds that every answer takes while Partner Center is slow; the hosts' time-out is not much longer."""


class Mishaps:
    """Carries mishaps out, one after the other.

    Attributes:
        count: how many of each kind there were.
        foreign: the bodies of the messages put on the queue that are not ours.
    """

    def __init__(self, ground: Ground, people: People) -> None:
        self._ground, self._people = ground, people
        self.count: Counter[Mishap] = Counter()
        self.foreign: list[str] = []

    def carry_out(self, planned: PlannedMishap) -> None:
        """Let it happen, and end it again; wrong answers last until they have befallen as many calls as planned."""
        self.count[planned.mishap] += 1
        match planned.mishap:
            case Mishap.ANSWER | Mishap.THROTTLED:
                fault = planned.fault
                if fault:
                    self._ground.partner_center.run(lambda state: state.fault(fault))
            case Mishap.SLOW | Mishap.OUTAGE:
                outage = planned.mishap is Mishap.OUTAGE
                self._for_a_while(planned.seconds, latency=0.0 if outage else LATENCY, outage=outage)
            case Mishap.PARTNER_CENTER_GONE:
                self._ground.partner_center.interrupt()
                time.sleep(planned.seconds)
                self._ground.partner_center.resume()
            case Mishap.BROKER_GONE:
                self._ground.broker.interrupt()
                time.sleep(planned.seconds)
                self._ground.broker.resume()
            case Mishap.STORE_LOCKED:
                with self._ground.store.locked():
                    time.sleep(planned.seconds)
            case Mishap.CLOCK_JUMP:
                self._ground.clock.jump(planned.seconds)
            case Mishap.STOPPED:
                self._people.stop_for(planned.seconds)
            case Mishap.POISON:
                self._poison()

    def _for_a_while(self, seconds: float, *, latency: float = 0.0, outage: bool = False) -> None:
        def change(state: PartnerCenter, latency: float, *, outage: bool) -> None:
            state.settings.latency, state.settings.outage = latency, outage

        self._ground.partner_center.run(lambda state: change(state, latency, outage=outage))
        time.sleep(seconds)
        self._ground.partner_center.run(lambda state: change(state, 0.0, outage=False))

    def _poison(self) -> None:
        stranger = {"customerTenantId": str(uuid4()), "requestId": str(uuid4())}
        bodies = ["not JSON at all", json.dumps({"requestId": str(uuid4())}), json.dumps(stranger)]
        with (
            suppress(ServiceBusError),
            ServiceBusClient.from_connection_string(self._ground.broker.connection_string) as client,
            client.get_queue_sender(QUEUE) as sender,
        ):
            sender.send_messages([ServiceBusMessage(body) for body in bodies])
            self.foreign += bodies
