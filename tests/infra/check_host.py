"""host.json fits the code and the queue, and every setting in it has its reason in docs/operate.md."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from pydantic import TypeAdapter

from qualification.settings.function_time import FUNCTION_TIMEOUT, follow_for
from qualification.use_cases.due_work import RUN_FOR
from tests.infra.check_settings import settings
from tests.infra.deployed import ROOT, deployed

HOST = json.loads((ROOT / "host.json").read_text(encoding="utf-8"))
SERVICE_BUS = HOST["extensions"]["serviceBus"]
BOILERPLATE = {"version", "extensionBundle.id", "extensionBundle.version"}
BUNDLE = {"id": "Microsoft.Azure.Functions.ExtensionBundle", "version": "[4.*, 5.0.0)"}
duration = TypeAdapter(timedelta).validate_python


def paths(content: Any, prefix: str = "") -> Iterator[str]:
    """The dotted path of every value."""
    for name, value in content.items():
        if isinstance(value, dict):
            yield from paths(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}"


def test_the_bindings_come_from_the_bundle_that_the_tests_run() -> None:
    """Version 4 is the one that Microsoft supports; another major is another set of bindings."""
    assert (HOST["version"], HOST["extensionBundle"]) == ("2.0", BUNDLE)


def test_a_message_stays_locked_as_long_as_its_function_may_run() -> None:
    """Otherwise it is delivered again while the first delivery still works on it."""
    assert duration(SERVICE_BUS["maxAutoLockRenewalDuration"]) >= duration(HOST["functionTimeout"])


def test_a_run_of_the_timer_ends_before_the_host_ends_it() -> None:
    """It begins no review after RUN_FOR, and no submission after less: two writes, two sign-ins and a read at worst."""
    call = duration(settings()["PARTNER_CENTER_TIMEOUT"])
    write = duration(settings()["PARTNER_CENTER_WRITE_TIMEOUT"])
    assert RUN_FOR + 4 * call < duration(HOST["functionTimeout"])
    assert follow_for(write, call) + 2 * write + 3 * call < duration(HOST["functionTimeout"])


def test_the_settings_are_checked_against_the_time_that_the_host_gives() -> None:
    """A deployed app does not read its host.json."""
    assert duration(HOST["functionTimeout"]) == FUNCTION_TIMEOUT


def test_no_message_waits_inside_the_worker() -> None:
    """A prefetched message ages in its lock, and a crash counts as a delivery of each."""
    assert SERVICE_BUS["prefetchCount"] == 0


def test_an_instance_calls_partner_center_no_more_often_than_it_takes_messages() -> None:
    """More messages at a time than calls would only wait for one another with their locks running."""
    assert SERVICE_BUS["maxConcurrentCalls"] <= int(settings()["PARTNER_CENTER_MAX_CONCURRENCY"])


def test_the_queue_lets_a_lock_be_renewed_in_time() -> None:
    """The host renews in the second half of a lock; a shorter one would be lost to one slow call."""
    lock = deployed("plain").one("Microsoft.ServiceBus/namespaces/queues")["properties"]["lockDuration"]
    assert duration(lock) >= timedelta(minutes=1)


def test_every_setting_has_its_reason() -> None:
    """The table in docs/operate.md names each, and nothing that is not there."""
    guide = (ROOT / "docs" / "operate.md").read_text(encoding="utf-8")
    section = guide.split("## host.json", maxsplit=1)[1].split("\n## ", maxsplit=1)[0]
    assert set(re.findall(r"^\| `([\w.]+)` \|", section, re.MULTILINE)) == set(paths(HOST)) - BOILERPLATE
