"""What must fit into the time that the host gives a function, checked at start: later it would end calls half way."""

from datetime import timedelta

from qualification.use_cases.due_work import RUN_FOR

FUNCTION_TIMEOUT = timedelta(minutes=10)
"""functionTimeout of host.json, after which the host ends a function."""
TO_SPARE = timedelta(minutes=1)
ROOM = FUNCTION_TIMEOUT - TO_SPARE
FOLLOWS = timedelta(seconds=30)
"""So long at least the timer must be able to begin submissions whose hints nobody takes."""

SUBMISSION = (2, 3)
"""Writes, and other calls: a read, a sign-in, a write and, where its token is not taken, both of these again."""
REVIEW = 4
"""Calls: a sign-in, a read and, where its token is not taken, both again."""
RENEWAL = 1
"""Calls: once its run is over the timer renews the refresh token where it is old."""

LONGEST_TIMEOUT = (ROOM - RUN_FOR) / (REVIEW + RENEWAL)
"""Of a call, so that a review that begins at the end of a run ends in time."""


def follow_for(write: timedelta, other: timedelta) -> timedelta:
    """How long a run of the timer may begin submissions.

    Args:
        write: the longest that a write may take.
        other: the longest that any other call may take.
    """
    writes, others = SUBMISSION
    return ROOM - writes * write - (others + RENEWAL) * other


def longest_write(other: timedelta) -> timedelta:
    """The longest write time-out that fits beside this one of other calls."""
    return (ROOM - FOLLOWS - (SUBMISSION[1] + RENEWAL) * other) / SUBMISSION[0]


def longest_other(write: timedelta) -> timedelta:
    """The longest time-out of other calls that fits beside this one of writes."""
    return min(LONGEST_TIMEOUT, (ROOM - FOLLOWS - SUBMISSION[0] * write) / (SUBMISSION[1] + RENEWAL))
