"""The sizes that are looked at, and the settings at each."""

from dataclasses import dataclass

from qualification.domain.request import Mode
from tools.scale.demand import Demand
from tools.scale.deployment import Deployment


@dataclass(frozen=True, slots=True)
class Scale:
    """A size.

    Attributes:
        title: what it is.
        demand: what is asked of the service.
        deployment: how it is set up.
        modes: in which it is simulated; without vetting nothing is overloaded, so other settings would show the same.
    """

    title: str
    demand: Demand
    deployment: Deployment
    modes: tuple[Mode, ...] = tuple(Mode)


SMALL, LARGE, HUGE = Demand(customers=1_000), Demand(customers=100_000), Demand(customers=10_000_000)
DEPLOYED = Deployment()
WIDE = Deployment(concurrency=64)

SCALES = {
    "small": Scale("one small partner, 1,000 customers, as deployed", SMALL, DEPLOYED),
    "100k": Scale("100,000 customers, as deployed", LARGE, DEPLOYED),
    "10M": Scale("10 million customers, as deployed", HUGE, DEPLOYED),
    "10M-wide": Scale("10 million customers, 64 calls at a time instead of 8", HUGE, WIDE, (Mode.ASYNCHRONOUS,)),
    "10M-throttled": Scale(
        "10 million customers, 64 calls at a time, 429 above 3,000 calls a minute",
        HUGE,
        Deployment(concurrency=64, throttle=3_000),
        (Mode.ASYNCHRONOUS,),
    ),
}
