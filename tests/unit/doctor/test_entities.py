from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from qualification.doctor.diagnosis import Finding
from qualification.doctor.entities import queue_faults, topic_faults
from qualification.doctor.subscriptions import diagnose, diagnose_all
from qualification.service_bus.descriptions import CorrelationFilter, Queue, Rule, SqlFilter, Subscription, Topic

MINUTE = timedelta(minutes=1)
QUEUE = Queue(
    status="Active",
    requires_duplicate_detection=True,
    duplicate_detection_history_time_window=7 * 24 * 60 * MINUTE,
    lock_duration=MINUTE,
    max_delivery_count=10,
    dead_lettering_on_message_expiration=True,
    requires_session=False,
    forward_to="",
)
TOPIC = Topic(status="Active", requires_duplicate_detection=True, duplicate_detection_history_time_window=5 * MINUTE)
SUBSCRIPTION = Subscription("decisions", "Active", 0, (Rule("$Default", SqlFilter("status = 'Approved'")),))


def test_a_queue_as_the_template_makes_it_is_sound() -> None:
    """The values of infra/modules/service-bus.bicep."""
    assert list(queue_faults(QUEUE, MINUTE / 2)) == []


@pytest.mark.parametrize(
    ("change", "finding", "word"),
    [
        ({"status": "ReceiveDisabled"}, Finding.FAULT, "ReceiveDisabled"),
        ({"requires_session": True}, Finding.FAULT, "sessions"),
        ({"forward_to": "elsewhere"}, Finding.FAULT, "elsewhere"),
        ({"requires_duplicate_detection": False}, Finding.WARNING, "duplicates"),
        ({"duplicate_detection_history_time_window": MINUTE}, Finding.WARNING, "0:01:00"),
        ({"lock_duration": timedelta(seconds=10)}, Finding.WARNING, "PARTNER_CENTER_TIMEOUT"),
        ({"max_delivery_count": 1}, Finding.WARNING, "max delivery count is 1"),
        ({"dead_lettering_on_message_expiration": False}, Finding.WARNING, "expire"),
    ],
)
def test_each_property_of_the_queue_that_work_needs_is_checked(
    change: dict[str, Any], finding: Finding, word: str
) -> None:
    """What stops requests is a fault, what makes them slower or hides a loss a warning."""
    [(found, text)] = queue_faults(replace(QUEUE, **change), MINUTE / 2)
    assert found is finding
    assert word in text


def test_the_topic_must_be_open_and_know_duplicates() -> None:
    """A closed topic is a fault, repeats are a warning."""
    assert list(topic_faults(TOPIC)) == []
    [(closed, _)] = topic_faults(replace(TOPIC, status="SendDisabled"))
    [(forgetful, _)] = topic_faults(replace(TOPIC, requires_duplicate_detection=False))
    assert (closed, forgetful) == (Finding.FAULT, Finding.WARNING)


def test_a_topic_without_subscription_is_a_warning() -> None:
    """Events go to nobody."""
    [diagnosis] = diagnose_all([])
    assert diagnosis.finding is Finding.WARNING
    assert "nobody" in diagnosis.detail


def test_a_sound_subscription_is_named_with_its_rules() -> None:
    """The reader sees what was looked at."""
    diagnosis = diagnose(SUBSCRIPTION)
    assert (diagnosis.name, diagnosis.finding) == ("Subscription decisions", Finding.OK)
    assert "$Default" in diagnosis.detail


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"status": "Disabled"}, "status is Disabled"),
        ({"rules": ()}, "no rule"),
        ({"dead_letters": 3}, "dead letters: 3"),
        ({"rules": (Rule("mine", SqlFilter("state = 'x'")),)}, "rule mine: no event has a property state"),
        ({"rules": (Rule("mine", CorrelationFilter({}, {"status": "x"})),)}, "rule mine: status is never 'x'"),
    ],
)
def test_whatever_keeps_a_subscriber_from_hearing_is_a_warning(change: dict[str, Any], words: str) -> None:
    """Requests go on without it, so it is no fault."""
    diagnosis = diagnose(replace(SUBSCRIPTION, **change))
    assert diagnosis.finding is Finding.WARNING
    assert words in diagnosis.detail
    assert diagnosis.remedy


def test_a_filter_of_an_unknown_kind_is_taken_as_sound() -> None:
    """Azure may have kinds tomorrow that nobody knows here."""
    assert diagnose(replace(SUBSCRIPTION, rules=(Rule("new", None),))).finding is Finding.OK
