"""Checks of what queue, topic and subscriptions promise. They are shown only to those who may manage them."""

from collections.abc import Iterator
from datetime import timedelta

from qualification.bootstrap import Service
from qualification.doctor.diagnosis import Diagnosis, Finding
from qualification.doctor.subscriptions import diagnose_all
from qualification.service_bus.descriptions import ACTIVE, EntitiesHidden, Queue, Topic

LEAST_WINDOW = timedelta(minutes=5)
"""What was sent and not noted as sent comes again a minute later, by the timer."""
LEAST_DELIVERIES = 3
"""A host may be stopped in the middle of a message, and the next one too."""

REMEDY = "Correct it; infra/modules/service-bus.bicep has the values that belong there."


async def entities(service: Service) -> list[Diagnosis]:
    """A row for queue, topic and each subscription; one row for all that may not be seen, for the same reason."""
    from qualification.service_bus.administration import Administration  # noqa: PLC0415  only the doctor pays for its SDK

    settings = service.settings
    administration = Administration(settings.service_bus, settings.queue, settings.topic, service.adapters.credentials)

    async def queue() -> list[Diagnosis]:
        found = await administration.queue()
        faults = queue_faults(found, settings.partner_center.timeout) if found else _no(settings.queue, "queue")
        return [
            _diagnosis("Queue, properties", "duplicate detection, locks, dead-lettering are as they should be", faults)
        ]

    async def topic() -> list[Diagnosis]:
        found = await administration.topic()
        faults = topic_faults(found) if found else _no(settings.topic, "topic")
        subscriptions = diagnose_all(await administration.subscriptions()) if found else []
        return [_diagnosis("Topic, properties", "duplicate detection is as it should be", faults), *subscriptions]

    diagnoses: list[Diagnosis] = []
    hidden: dict[tuple[str, str], list[str]] = {}
    for name, look in {
        "the queue's properties": queue,
        "the topic's properties, subscriptions, filters": topic,
    }.items():
        try:
            diagnoses += await look()
        except EntitiesHidden as error:
            hidden.setdefault((str(error), error.remedy), []).append(name)
    return diagnoses + [
        Diagnosis("Service Bus, entities", Finding.NOT_CHECKED, f"{', '.join(names)}: {reason}", remedy)
        for (reason, remedy), names in hidden.items()
    ]


def queue_faults(queue: Queue, timeout: timedelta) -> Iterator[tuple[Finding, str]]:
    """What keeps the queue from spreading work.

    Args:
        queue: as it is.
        timeout: how long a call to Partner Center may take.
    """
    if queue.status != ACTIVE:
        yield Finding.FAULT, f"its status is {queue.status}"
    if queue.requires_session:
        yield Finding.FAULT, "it requires sessions, and requests have none"
    if queue.forward_to:
        yield Finding.FAULT, f"it forwards to {queue.forward_to}, so submit_request gets nothing"
    yield from _duplicates(queue)
    if queue.lock_duration < timeout:
        yield Finding.WARNING, f"its lock of {queue.lock_duration} is shorter than PARTNER_CENTER_TIMEOUT ({timeout})"
    if queue.max_delivery_count < LEAST_DELIVERIES:
        yield Finding.WARNING, f"its max delivery count is {queue.max_delivery_count}: a restart costs a message"
    if not queue.dead_lettering_on_message_expiration:
        yield Finding.WARNING, "messages that expire vanish instead of becoming dead letters"


def _no(name: str, kind: str) -> Iterator[tuple[Finding, str]]:
    yield Finding.FAULT, f"{name} is no {kind}"


def topic_faults(topic: Topic) -> Iterator[tuple[Finding, str]]:
    """What keeps the topic from telling each event once."""
    if topic.status != ACTIVE:
        yield Finding.FAULT, f"its status is {topic.status}"
    yield from _duplicates(topic)


def _duplicates(entity: Queue | Topic) -> Iterator[tuple[Finding, str]]:
    window = entity.duplicate_detection_history_time_window
    if not entity.requires_duplicate_detection:
        yield Finding.WARNING, "it detects no duplicates (that can be chosen only when it is made)"
    elif window < LEAST_WINDOW:
        yield (
            Finding.WARNING,
            f"it remembers duplicates for {window} only; {LEAST_WINDOW} is the least that the timer's repeats need",
        )


def _diagnosis(name: str, well: str, faults: Iterator[tuple[Finding, str]]) -> Diagnosis:
    found = list(faults)
    if not found:
        return Diagnosis(name, Finding.OK, well)
    worst = Finding.FAULT if Finding.FAULT in {finding for finding, _ in found} else Finding.WARNING
    return Diagnosis(name, worst, "; ".join(text for _, text in found), REMEDY)
