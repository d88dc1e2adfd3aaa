"""Waiting for something to come true: polled, with a deadline."""

import time
from collections.abc import Callable

DEADLINE = 60.0
"""Far more than a sound service needs, even on a machine that does three other things."""
INTERVAL = 0.03


def eventually[T](probe: Callable[[], T], within: float = DEADLINE) -> T:
    """What `probe` gives once it is truthy.

    Args:
        probe: asked again and again.
        within: seconds after which the test fails.
    """
    deadline = time.monotonic() + within
    while not (found := probe()):
        assert time.monotonic() < deadline, f"still {found!r} after {within:g} s"
        time.sleep(INTERVAL)
    return found
