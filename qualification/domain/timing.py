"""When the service reads again, tries again and probes; pure arithmetic on durations."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from pydantic import BaseModel, ConfigDict, Field

from qualification.domain.call_errors import PartnerCenterError, PersonNeeded, Throttled

TURNS = 6
"""All requests that a cause holds ask to be its next probe within a sixth of the time between two of them."""
JITTER_SHARE = 0.1
"""The part of a delay that is left to chance, so that work that fell due together spreads out."""


class Policy(BaseModel):
    """The durations behind the app settings of the same names, and of PARTNER_CENTER_WRITE_TIMEOUT.

    Attributes:
        review_first: the shortest time between two reads of a vetting.
        review_max: the longest.
        review_growth: the next read comes after the vetting's age times this, between the two.
        review_overdue: when a vetting takes too long, and a person is asked.
        review_approved: within how long an approval, of every qualification, is read again.
        retry_first: the first back-off after an error; each next one is twice as long.
        retry_max: the longest back-off; a cause that holds everybody is probed as often.
        review_again: how much later a second read must show a withdrawal, or less than the records say, before it is
            believed; a denial that may be an old one after a sixth of it.
        review_ended: how often an ended request is read, for 90 days, and a request that waits for a decision.
        resend_after: how long after a write without an answer it may be sent once more, at the earliest.
        clock_ahead: so far ahead of Partner Center's an instance takes its own clock to be until an answer has told: a
            pause that Partner Center asked for lasts that much longer on a new instance. A clock further off is told; a
            sender's moment further ahead counts as now.
        write_timeout: how long a write may take.
    """

    model_config = ConfigDict(frozen=True)

    review_first: timedelta = timedelta(minutes=5)
    review_max: timedelta = timedelta(hours=4)
    review_growth: float = Field(0.05, gt=0, le=100, description="a number above 0, at most 100")
    review_overdue: timedelta = timedelta(days=5)
    review_approved: timedelta = timedelta(days=30)
    retry_first: timedelta = timedelta(minutes=1)
    retry_max: timedelta = timedelta(hours=1)
    review_again: timedelta = timedelta(hours=6)
    review_ended: timedelta = timedelta(days=7)
    resend_after: timedelta = timedelta(hours=1)
    clock_ahead: timedelta = timedelta(minutes=5)
    write_timeout: timedelta = timedelta(minutes=3)

    @property
    def publish_after(self) -> timedelta:
        """How long a step may take to publish its own events before the timer does it."""
        return min(self.retry_first, timedelta(minutes=1))

    def review_delay(self, age: timedelta, jitter: float) -> timedelta:
        """Until the next read of a vetting of this age: longer the older it is, never longer than `review_max`.

        Args:
            age: since vetting began.
            jitter: chance, from 0 to 1; 1 is the whole delay.
        """
        return _jittered(min(max(age * self.review_growth, self.review_first), self.review_max), jitter)

    def retry_delay(self, failures: int, jitter: float) -> timedelta:
        """Until the next try after so many failures in a row (1 or more), doubling up to `retry_max`."""
        most = ceil(self.retry_max / self.retry_first)
        times = min(2 ** min(failures - 1, most.bit_length()), most)
        return _jittered(min(self.retry_first * times, self.retry_max), jitter)


@dataclass(frozen=True, slots=True)
class Moment:
    """When a step happens, and what is measured from it.

    Attributes:
        now: the time, aware UTC.
        jitter: chance, from 0 to 1.
        policy: the durations.
    """

    now: datetime
    jitter: float
    policy: Policy

    def review_at(self, age: timedelta) -> datetime:
        """When a vetting of this age is read next."""
        return self.now + self.policy.review_delay(age, self.jitter)

    def retry_at(self, error: PartnerCenterError, failures: int) -> datetime:
        """When to try again after an error: never before Partner Center's own word, slowly where a person must act."""
        policy = self.policy
        if isinstance(error, Throttled):
            return max(self.now, error.retry_at) + policy.retry_first * JITTER_SHARE * self.jitter
        if isinstance(error, PersonNeeded):
            return self.now + _jittered(policy.retry_max, self.jitter)
        return max(self.retry_after(failures), error.retry_at or self.now)

    def retry_after(self, failures: int) -> datetime:
        """When to try again after so many failures in a row (1 or more)."""
        return self.now + self.policy.retry_delay(failures, self.jitter)

    def probe_at(self, times: int = 1) -> datetime:
        """When a cause is probed next: after so many times the longest delay between two tries."""
        return self.now + _jittered(self.policy.retry_max * times, self.jitter)

    def turn(self, age: timedelta) -> timedelta:
        """How much later than a probe may go a request of this age asks to be it: the oldest comes first."""
        first = self.policy.retry_max / TURNS
        return first / (1 + max(age, timedelta(0)) / self.policy.retry_max)

    def spread(self, period: timedelta) -> datetime:
        """Some time within the second half of a period, so that what began together is not read together for ever."""
        return self.now + period * (0.5 + 0.5 * self.jitter)

    @property
    def publish_at(self) -> datetime:
        """When the timer publishes what a step of now has not published itself."""
        return self.now + self.policy.publish_after


def _jittered(delay: timedelta, jitter: float) -> timedelta:
    return delay * (1 - JITTER_SHARE * (1 - jitter))
