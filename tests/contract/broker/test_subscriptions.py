from typing import Any

import pytest
from azure.servicebus import ServiceBusMessage

pytestmark = pytest.mark.asyncio(loop_scope="session")

SUBSCRIPTIONS = ("all", "red", "urgent", "ratio", "sessions")


def _counts(bus: Any) -> dict[str, tuple[int, int]]:
    found = {name: bus.counts(f"events/Subscriptions/{name}") for name in SUBSCRIPTIONS}
    return {name: (counts.active, counts.dead_lettered) for name, counts in found.items()}


def _gained(before: dict[str, tuple[int, int]], after: dict[str, tuple[int, int]]) -> dict[str, tuple[int, int]]:
    gained = {name: (after[name][0] - before[name][0], after[name][1] - before[name][1]) for name in SUBSCRIPTIONS}
    return {name: each for name, each in gained.items() if each != (0, 0)}


@pytest.mark.parametrize(
    ("message", "taken"),
    [
        ({"color": "red", "n": 4}, {"all", "red"}),
        ({"color": "red", "n": 3}, {"all"}),
        ({"color": "blue", "n": 9}, {"all"}),
        ({"n": 9, "d": 3}, {"all", "ratio"}),
        ({"n": 3, "d": 3}, {"all"}),
        ({}, {"all"}),
    ],
)
async def test_a_sql_filter_takes_the_messages_it_is_true_for(
    bus: Any, message: dict[Any, Any], taken: set[str]
) -> None:
    """One that is false or unknown, because a property is missing, does not."""
    before = _counts(bus)
    await bus.sender("events").send_messages(ServiceBusMessage("e", application_properties=message))
    active = {name for name, (count, _) in _gained(before, _counts(bus)).items() if count}
    assert active == taken


@pytest.mark.parametrize(
    ("subject", "color", "taken"), [("urgent", "red", True), ("urgent", "blue", False), ("no", "red", False)]
)
async def test_a_correlation_filter_takes_equal_properties(bus: Any, subject: str, color: str, *, taken: bool) -> None:
    """All of the properties it names must be equal, system and application ones."""
    before = _counts(bus)
    event = ServiceBusMessage("e", subject=subject, application_properties={"color": color})
    await bus.sender("events").send_messages(event)
    assert ("urgent" in _gained(before, _counts(bus))) is taken


async def test_a_filter_that_cannot_be_evaluated_dead_letters_the_message(bus: Any) -> None:
    """Only in the subscription that has the filter; the reason says what failed."""
    before = _counts(bus)
    await bus.sender("events").send_messages(ServiceBusMessage("e", application_properties={"n": 1, "d": 0}))
    gained = _gained(before, _counts(bus))
    assert gained["ratio"] == (0, 1)
    assert gained["all"] == (1, 0)
    (dead,) = await bus.dead_letters("events/Subscriptions/ratio").receive_messages(1, max_wait_time=10)
    assert dead.dead_letter_reason == "FilterEvaluationException"
    await bus.dead_letters("events/Subscriptions/ratio").complete_message(dead)


async def test_a_subscription_with_sessions_dead_letters_what_has_none(bus: Any) -> None:
    """A message with a session id is taken, one without is dead-lettered."""
    before = _counts(bus)
    await bus.sender("events").send_messages([ServiceBusMessage("with", session_id="s"), ServiceBusMessage("without")])
    assert _gained(before, _counts(bus))["sessions"] == (1, 1)


async def test_every_subscription_has_a_copy_of_its_own(bus: Any) -> None:
    """One subscription's failed delivery is its dead letter, and the other copies stay."""
    await bus.sender("events").send_messages(
        ServiceBusMessage("copied", application_properties={"color": "red", "n": 5})
    )
    receiver = bus.receiver("events/Subscriptions/all")
    before = _counts(bus)
    found = False
    while not found:
        (message,) = await receiver.receive_messages(1, max_wait_time=10)
        found = str(message) == "copied"
        await (receiver.abandon_message(message) if found else receiver.complete_message(message))
    (dead,) = await bus.dead_letters("events/Subscriptions/all").receive_messages(1, max_wait_time=10)
    assert (str(dead), dead.dead_letter_reason) == ("copied", "MaxDeliveryCountExceeded")
    await bus.dead_letters("events/Subscriptions/all").complete_message(dead)
    assert _counts(bus)["red"] == before["red"]
