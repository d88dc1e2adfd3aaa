"""What is left when a run is over: the answers, the store, Partner Center's books, the events and the dead letters."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Self
from uuid import UUID

from azure.servicebus import ServiceBusClient, ServiceBusReceiveMode, ServiceBusReceiver

from sandbox.chaos.ground import QUEUE, TOPIC, Ground
from sandbox.chaos.ledger import Ledger
from sandbox.chaos.load import Answered
from sandbox.chaos.people import Act, People
from sandbox.chaos.plan import Plan
from sandbox.partner_center import PartnerCenter
from sandbox.partner_center.books import Call
from sandbox.partner_center.held import Held

SUBSCRIPTION = "all"
BATCH = 200
VANISHED = "vanished"
AROUND = timedelta(seconds=10)
"""A decision takes so long to be carried out at most, while hosts are killed."""
PATIENCE = 2.0
"""Seconds that a receiver waits for the next messages."""


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message on the dead-letter queue."""

    body: str
    reason: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything that the rules are held against.

    Attributes:
        answers: the last word about each delivery.
        calls: all calls that Partner Center got, oldest first.
        vettings: each customer's reviews at Partner Center, by qualification, as they began.
        now: Partner Center's time in the end.
        events: the CloudEvents on the subscription, in its order, repeats included.
        dead_letters: of the queue.
        foreign: bodies of the messages on the queue that are not ours.
        acts: what people decided.
        stops: from when until when they had stopped all writing.
    """

    plan: Plan
    answers: tuple[Answered, ...]
    ledger: Ledger
    calls: tuple[Call, ...]
    vettings: Mapping[str, Mapping[str, tuple[Held, ...]]]
    now: datetime
    events: tuple[dict[str, Any], ...]
    dead_letters: tuple[DeadLetter, ...]
    foreign: tuple[str, ...]
    acts: tuple[Act, ...] = ()
    stops: tuple[tuple[datetime, datetime], ...] = ()

    @classmethod
    def gather(cls, plan: Plan, ground: Ground, answers: list[Answered], foreign: list[str], people: People) -> Self:
        """Gather it once nothing moves any more."""

        def vettings(state: PartnerCenter) -> dict[str, dict[str, tuple[Held, ...]]]:
            held = {one: state.customers.peek(one)[0].held for one in plan.everybody}
            return {one: {str(which): reviews for which, reviews in each.items()} for one, each in held.items()}

        connection, counts = ground.broker.connection_string, ground.broker.counts
        with _receiver(connection, SUBSCRIPTION) as receiver:
            told = list(_drain(receiver, lambda: counts()[f"{TOPIC}/Subscriptions/{SUBSCRIPTION}"].active))
        with _receiver(connection) as receiver:
            dead_letters = [DeadLetter(*each) for each in _drain(receiver, lambda: counts()[QUEUE].dead_lettered)]
        return cls(
            plan,
            tuple(answers),
            ground.store.read(),
            tuple(ground.partner_center.run(lambda state: state.books.calls())),
            ground.partner_center.run(vettings),
            ground.now,
            tuple(json.loads(body) for body, _ in told),
            tuple(dead_letters),
            tuple(foreign),
            tuple(people.acts),
            tuple(people.stops),
        )

    def reviews(self, customer_id: str, qualification: str) -> tuple[Held, ...]:
        """A customer's reviews of a qualification, oldest first; some may not have begun."""
        return self.vettings[customer_id].get(qualification, ())

    def word(self, customer_id: str, qualification: str) -> str | None:
        """What Partner Center says of it in the end; `VANISHED` where it has no such review."""
        standing = [each for each in self.reviews(customer_id, qualification) if each.stands(self.now)]
        return standing[-1].decision(self.now).status if standing else VANISHED

    def acts_about(self, customer_id: str) -> list[Act]:
        """What people decided, or may have decided, about a customer."""
        return [act for act in self.acts if act.customer_id == customer_id and act.may_count]

    def people_acted(self, customer_id: str, since: datetime, until: datetime) -> bool:
        """Whether somebody decided something about a customer in between, or shortly before."""
        return any(since - AROUND <= act.began <= until for act in self.acts_about(customer_id))

    def events_by_request(self) -> dict[UUID, list[dict[str, Any]]]:
        """The first occurrence of each event about a request, in the order in which they came."""
        streams: dict[UUID, dict[str, dict[str, Any]]] = defaultdict(dict)
        for event in self.events:
            if "requestId" in event["data"]:
                streams[UUID(event["data"]["requestId"])].setdefault(event["id"], event)
        return {request_id: list(stream.values()) for request_id, stream in streams.items()}


@contextmanager
def _receiver(connection: str, subscription: str | None = None) -> Iterator[ServiceBusReceiver]:
    """Of a subscription to the events, or of the queue's dead letters."""
    mode = ServiceBusReceiveMode.RECEIVE_AND_DELETE
    with ServiceBusClient.from_connection_string(connection) as client:
        if subscription:
            receiver = client.get_subscription_receiver(TOPIC, subscription, receive_mode=mode)
        else:
            receiver = client.get_queue_receiver(QUEUE, sub_queue="deadletter", receive_mode=mode)
        with receiver:
            yield receiver


def _drain(receiver: ServiceBusReceiver, left: Callable[[], int]) -> Iterator[tuple[str, str]]:
    while left():
        for message in receiver.receive_messages(BATCH, max_wait_time=PATIENCE):
            yield str(message), message.dead_letter_reason or ""
