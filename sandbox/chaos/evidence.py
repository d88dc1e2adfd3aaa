"""What is left when a run is over: the answers, the store, Partner Center's books, the events and the dead letters."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Self
from uuid import UUID

from azure.servicebus import ServiceBusClient, ServiceBusReceiveMode, ServiceBusReceiver

from sandbox.chaos.ground import QUEUE, TOPIC, Ground
from sandbox.chaos.ledger import Ledger
from sandbox.chaos.load import Answered
from sandbox.chaos.plan import Plan
from sandbox.partner_center import PartnerCenter
from sandbox.partner_center.books import Call

BATCH = 200
PATIENCE = 2.0
"""Seconds without another message after which there is none."""


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
        held: the vetting status of each qualification that a customer has at Partner Center.
        events: the CloudEvents on the subscription, in its order, repeats included.
        dead_letters: of the queue.
        foreign: bodies of the messages on the queue that are not ours.
    """

    plan: Plan
    answers: tuple[Answered, ...]
    ledger: Ledger
    calls: tuple[Call, ...]
    held: Mapping[str, Mapping[str, str | None]]
    events: tuple[dict[str, Any], ...]
    dead_letters: tuple[DeadLetter, ...]
    foreign: tuple[str, ...]

    @classmethod
    def gather(cls, plan: Plan, ground: Ground, answers: list[Answered], foreign: list[str]) -> Self:
        """Gather it once nothing moves any more."""

        def held(state: PartnerCenter) -> dict[str, dict[str, str | None]]:
            now = state.now()
            statuses = {one.id: state.customers.peek(one.id)[0].statuses(now) for one in plan.customers}
            return {id_: {str(which): status for which, status in each.items()} for id_, each in statuses.items()}

        connection = ground.broker.connection_string
        with _receiver(connection, f"{TOPIC}/all") as receiver:
            events = [json.loads(body) for body, _ in _drain(receiver)]
        with _receiver(connection, QUEUE, dead=True) as receiver:
            dead_letters = [DeadLetter(body, reason) for body, reason in _drain(receiver)]
        return cls(
            plan,
            tuple(answers),
            Ledger.read(ground.database),
            tuple(ground.partner_center.run(lambda state: state.books.calls())),
            ground.partner_center.run(held),
            tuple(events),
            tuple(dead_letters),
            tuple(foreign),
        )

    def events_by_request(self) -> dict[UUID, list[dict[str, Any]]]:
        """The first occurrence of each event about a request, in the order in which they came."""
        streams: dict[UUID, dict[str, dict[str, Any]]] = defaultdict(dict)
        for event in self.events:
            if "requestId" in event["data"]:
                streams[UUID(event["data"]["requestId"])].setdefault(event["id"], event)
        return {request_id: list(stream.values()) for request_id, stream in streams.items()}


@contextmanager
def _receiver(connection: str, entity: str, *, dead: bool = False) -> Iterator[ServiceBusReceiver]:
    mode = ServiceBusReceiveMode.RECEIVE_AND_DELETE
    with ServiceBusClient.from_connection_string(connection) as client:
        if dead:
            receiver = client.get_queue_receiver(entity, sub_queue="deadletter", receive_mode=mode)
        else:
            topic, subscription = entity.split("/")
            receiver = client.get_subscription_receiver(topic, subscription, receive_mode=mode)
        with receiver:
            yield receiver


def _drain(receiver: ServiceBusReceiver) -> Iterator[tuple[str, str]]:
    while messages := receiver.receive_messages(BATCH, max_wait_time=PATIENCE):
        for message in messages:
            yield str(message), message.dead_letter_reason or ""
