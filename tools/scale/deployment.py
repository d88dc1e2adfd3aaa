"""How the service is set up, and how quick what it stands on is."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

from qualification.domain.request import Mode
from qualification.domain.timing import Policy
from qualification.use_cases.due_work import RUN_FOR
from tools.scale import measured

TICK = timedelta(minutes=1)
"""ADVANCE_SCHEDULE as deployed: each minute."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """Settings as in infra/modules/app-settings.bicep, and what is assumed about the world.

    Attributes:
        concurrency: PARTNER_CENTER_MAX_CONCURRENCY, by instance; the timer runs on one.
        messages_at_a_time: maxConcurrentCalls of host.json, by instance.
        instances: maximumInstanceCount.
        memory_gb: of an instance.
        mode: how Partner Center is asked; state-owned entities are always asked asynchronously.
        throttle: calls a minute that Partner Center takes from this partner before it answers 429. Not published.
        call_seconds: until Partner Center answers. Not published; assumed.
        store_seconds: until Table Storage answers, in the same region. Assumed.
        look_seconds: processor time of one look.
        subscriptions_read: subscriptions of the topic that somebody reads, each of which gets every event. Assumed.
        policy: when the next look is due.
    """

    concurrency: int = 8
    messages_at_a_time: int = 8
    instances: int = 40
    memory_gb: float = 2.0
    mode: Mode = Mode.ASYNCHRONOUS
    throttle: int | None = None
    call_seconds: float = 0.1
    store_seconds: float = 0.01
    look_seconds: float = measured.LOOK_SECONDS
    subscriptions_read: int = 1
    policy: Policy = field(default_factory=Policy)

    @property
    def looks_a_second(self) -> float:
        """What a run gets done while it lasts: a place waits for the store and Partner Center, a core for the rest."""
        return min(self.concurrency / (self.call_seconds + self.store_seconds), 1 / self.look_seconds)

    @property
    def looks_a_minute(self) -> float:
        """What the timer gets done when it is never idle: after RUN_FOR the next run begins with the next tick."""
        ticks = RUN_FOR // TICK + 1
        return self.looks_a_second * RUN_FOR.total_seconds() / ticks

    @property
    def submit_seconds(self) -> float:
        """How long a message is worked on: two calls to Partner Center and six to the store."""
        return 2 * self.call_seconds + 6 * self.store_seconds

    def asked(self, mode: Mode) -> "Deployment":
        """The same in another mode."""
        return replace(self, mode=mode)
