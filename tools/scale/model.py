"""The model on paper: expected counts of each hour, from the demand and the policy's mean delays; nothing is drawn by lot."""

from dataclasses import replace
from datetime import timedelta
from functools import cache
from math import e, sumprod
from statistics import NormalDist

from qualification.domain.request import Mode, Qualification
from qualification.domain.timing import Policy
from qualification.domain.vetting import ENDED_FOR
from tools.scale.bill import bill
from tools.scale.demand import HOURS, Demand, hourly_shares
from tools.scale.deployment import Deployment
from tools.scale.figures import Delay, Depth, Figures, length_name, lengths, quantile
from tools.scale.footprint import SUBMIT
from tools.scale.hours import Hours, busiest
from tools.scale.looks import MINUTE, Look, longest_gap, looks
from tools.scale.overload import Due, wait_for, waiting
from tools.scale.usage import usage

SAMPLES = 4_000
HOUR = timedelta(hours=1)
PARTS = [(number + 0.5) / 99 for number in range(99)]


def model(demand: Demand, deployment: Deployment) -> Figures:
    """A year on paper."""
    demanded = expected(demand, deployment)
    hours, late = fitted(demanded, demand, deployment)
    used = usage(hours, demand, deployment)
    calls = hours.calls()
    return Figures(
        requests=sum(hours.all_requests()),
        calls=sum(calls),
        peak_calls=busiest(calls, demand) / 60,
        delays=_delays(demand, deployment.policy) if deployment.mode is Mode.ASYNCHRONOUS else {},
        messages=Depth.of(
            [
                # Once a minute's calls are used up, what comes in waits for the next tick.
                came / 60 if is_throttled else came * deployment.submit_seconds / 3600
                for came, is_throttled in zip(hours.all_requests(), throttled(demanded, deployment), strict=True)
            ]
        ),
        left=Depth.of(late),
        usage=used,
        bill=bill(used, deployment),
    )


def expected(demand: Demand, deployment: Deployment) -> Hours:
    """What is to be expected of each hour.

    A convolution: requests of an hour, times the part of them that is looked at, or has news, so many hours later.
    """
    parts = {
        Qualification.EDUCATION: demand.education,
        Qualification.GOVERNMENT_COMMUNITY_CLOUD: demand.government,
        Qualification.STATE_OWNED_ENTITY: 1 - demand.education - demand.government,
    }
    came = [demand.customers * share for share in hourly_shares(demand)]
    requests = {each: [part * number for number in came] for each, part in parts.items()}
    a_request = sum(part * SUBMIT[each].calls for each, part in parts.items())
    schools = requests[Qualification.EDUCATION]
    if deployment.mode is Mode.SYNCHRONOUS:
        vetted, news = [0.0] * HOURS, [0.0] * HOURS
        approved, denied = came, [0.0] * HOURS
    else:
        after_looks, after_news, after_end = _kernels(demand, deployment.policy)
        vetted, news = _convolved(schools, after_looks), _convolved(schools, after_news)
        ended = _convolved(schools, after_end)
        denied = [demand.denied * number for number in ended]
        approved = [
            all_of_them - vetted_ones + (1 - demand.denied) * ends
            for all_of_them, vetted_ones, ends in zip(came, schools, ended, strict=True)
        ]
    approvals = _convolved(approved, _again(deployment.policy.review_approved, HOURS * HOUR))
    denials = _convolved(denied, _again(deployment.policy.review_ended, ENDED_FOR))
    return Hours(
        requests=requests,
        looks=[sum(each) for each in zip(vetted, approvals, denials, strict=True)],
        news=news,
        submitted=[a_request * number for number in came],
    )


@cache
def _kernels(demand: Demand, policy: Policy) -> tuple[tuple[float, ...], ...]:
    """By hours since the request: looks a vetting, looks with news, ends seen."""
    number = int(max(look.at for look in _chain(policy)) / 60) + 2
    seen, news, ended = [0.0] * number, [0.0] * number, [0.0] * number
    overdue = policy.review_overdue / MINUTE
    for look in _chain(policy):
        before = look.at - look.gap
        goes_on_before, goes_on = 1 - demand.ends_within(before), 1 - demand.ends_within(look.at)
        alarm = goes_on if before <= overdue < look.at else 0.0
        # The request came at any time of its hour, so the look falls in this hour or in the next.
        hour, rest = divmod(look.at / 60, 1)
        for offset, part in ((int(hour), 1 - rest), (int(hour) + 1, rest)):
            seen[offset] += part * goes_on_before
            ended[offset] += part * (goes_on_before - goes_on)
            news[offset] += part * (goes_on_before - goes_on + alarm)
    return tuple(seen), tuple(news), tuple(ended)


def _convolved(counts: list[float], kernel: tuple[float, ...]) -> list[float]:
    backwards = kernel[::-1]
    padded = [0.0] * (len(kernel) - 1) + counts
    return [sumprod(padded[hour : hour + len(kernel)], backwards) for hour in range(len(counts))]


@cache
def _again(period: timedelta, until: timedelta) -> tuple[float, ...]:
    """By hours since a request ended: looks at it, each in the second half of a period after one that was before `until`."""
    first, last, limit = round(period / HOUR / 2), round(period / HOUR), round(until / HOUR)
    seen = [1.0] + [0.0] * (HOURS - 1)
    for hour in range(first, min(HOURS, limit + last)):
        seen[hour] += sum(seen[max(0, hour - last) : max(0, min(hour - first, limit))]) / (last - first)
    return (0.0, *seen[1 : limit + last])


def throttled(hours: Hours, deployment: Deployment) -> list[bool]:
    """In which hours more is called for than Partner Center takes."""
    most = deployment.throttle
    return [most is not None and calls > 60 * most for calls in hours.calls()]


def fitted(hours: Hours, demand: Demand, deployment: Deployment) -> tuple[Hours, list[float]]:
    """The hours with no more looks than there is room for, and how many looks are late in each."""
    schools = hours.requests[Qualification.EDUCATION]
    looked, late = list(hours.looks), [0.0] * HOURS
    for hour, (number, submitted) in enumerate(zip(hours.looks, hours.submitted, strict=True)):
        room = 60 * deployment.looks_a_minute
        if deployment.throttle is not None:
            room = min(room, 60 * deployment.throttle - submitted)
        if number > room:
            due = _due(schools, hour, demand, deployment.policy)
            # What is looked at again after its end is put off too, by next to nothing of its days.
            others = number - sum(each.number for each in due)
            wait = wait_for(due, max(0.0, room - others))
            looked[hour], late[hour] = room, waiting(due, wait) + others * wait / 60
    return replace(hours, looks=looked), late


def _due(schools: list[float], hour: int, demand: Demand, policy: Policy) -> list[Due]:
    """The looks at vettings that fall due in an hour, by their gap."""
    return [
        Due(schools[hour - int(look.at / 60)] * (1 - demand.ends_within(look.at - look.gap)), look.gap)
        for look in _chain(policy)
        if look.at / 60 <= hour
    ]


@cache
def _chain(policy: Policy) -> tuple[Look, ...]:
    return tuple(looks(policy))


@cache
def _delays(demand: Demand, policy: Policy) -> dict[str, Delay]:
    """A vetting ends at any time between two looks, so its end waits for any part of the gap."""
    chain = _chain(policy)
    found: dict[str, list[float]] = {name: [] for name in lengths(policy)}
    position = 0
    for number in range(SAMPLES):
        quantile_of_normal = NormalDist().inv_cdf((number + 0.5) / SAMPLES)
        length = e ** (demand.vetting.mean + demand.vetting.stdev * quantile_of_normal)
        while position < len(chain) - 1 and chain[position].at < length:
            position += 1
        name = length_name(policy, length * MINUTE)
        found[name].extend(chain[position].gap * part for part in PARTS)
    return {
        name: Delay(
            quantile(sorted(delays), 0.5),
            quantile(sorted(delays), 0.95),
            longest_gap(policy, min(most, policy.review_max / policy.review_growth)) / MINUTE,
        )
        for (name, delays), (_, most) in zip(found.items(), lengths(policy).values(), strict=True)
        if delays
    }
