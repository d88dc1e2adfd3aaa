"""Events that come late, twice or in another order: the sender's own moment says which is the newest."""

import asyncio
from datetime import timedelta
from itertools import permutations

import pytest

from qualification.bootstrap import bootstrap
from qualification.domain.errors import Overtaken
from qualification.domain.record import Record
from qualification.domain.request import EducationRequest, Qualification
from qualification.domain.status import Status
from qualification.use_cases.order import Withdrawal
from tests.unit.builders import CUSTOMER, NOW, order, wanted
from tests.unit.stage import SETTINGS, Stage
from tests.unit.stand_ins.partner_center import Write

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
AGO = NOW - HOUR
A, B = "a.example", "b.example"


async def says(stage: Stage, website: str, second: int, **changes: object) -> Record:
    """The CRM said so at this second; the name of the event is that."""
    moment = {"occurred_at": AGO + second * SECOND, "event_id": f"evt-{second}"}
    return await stage.accept(order(wanted(website=website), **moment | changes))


async def takes_back(stage: Stage, second: int | None = None) -> Record | None:
    """The CRM takes its mark back."""
    at = None if second is None else AGO + second * SECOND
    return await stage.service.intake.withdraw(Withdrawal(CUSTOMER, "standard", occurred_at=at))


def besides_moments(stage: Stage) -> dict[str, str]:
    """The rows that are stored, each with its ETag, except those of the newest moments."""
    return {key: row.etag for rows in stage.rows.shards.values() for key, row in rows.items() if "|newest|" not in key}


def sent(stage: Stage) -> list[object]:
    """What was sent, in order: websites, or qualifications that have none."""
    requests = [request for _, _, request, _ in stage.partner_center.sent]
    return [each.website if isinstance(each, EducationRequest) else each.qualification for each in requests]


@pytest.mark.parametrize("arriving", list(permutations(range(4))))
async def test_whatever_the_order_the_newest_is_sent(stage: Stage, arriving: tuple[int, ...]) -> None:
    """A, B, A, and one of them again: what the CRM says last is A."""
    said = [(A, 1), (B, 2), (A, 3), (B, 2)]
    answers = {(await says(stage, *said[number])).request_id for number in arriving}
    await stage.live(HOUR)
    assert (sent(stage), len(answers), stage.alerts) == ([A], 1, [])


@pytest.mark.parametrize("arriving", list(permutations(range(4))))
async def test_all_at_once_the_newest_is_sent(stage: Stage, arriving: tuple[int, ...]) -> None:
    """Each decides on what another has stored meanwhile."""
    said = [(A, 1), (B, 2), (B, 3), (A, 4)]
    await asyncio.gather(*(says(stage, *said[number]) for number in arriving))
    await stage.live(HOUR)
    assert sent(stage) == [A]


async def test_a_rival_between_reading_and_storing_is_seen(stage: Stage) -> None:
    """The older one is decided on what was there, and stored after the newer one."""
    await says(stage, A, 1)

    async def newer() -> None:
        stage.rows.rivals.clear()
        await says(stage, A, 3)

    stage.rows.rivals.append(newer)
    await says(stage, B, 2)
    await stage.live(HOUR)
    assert sent(stage) == [A]


async def test_an_older_event_is_answered_with_the_request_that_took_the_newest(stage: Stage) -> None:
    """It changes nothing, whatever it says: another content, another qualification, or that the mark was taken back."""
    first = await says(stage, A, 5)
    before = await stage.stored(first)
    assert (await says(stage, B, 4)).request_id == first.request_id
    other = order(wanted(Qualification.STATE_OWNED_ENTITY), event_id="evt-3", occurred_at=AGO + 3 * SECOND)
    assert (await stage.accept(other)).request_id == first.request_id
    assert await takes_back(stage, 2) is None
    assert (stage.records, await stage.stored(first)) == ([before], before)


async def test_a_mark_that_comes_after_it_was_taken_back_begins_nothing(stage: Stage) -> None:
    """Its first try failed; nobody wants it any more."""
    assert await takes_back(stage, 2) is None
    with pytest.raises(Overtaken):
        await says(stage, A, 1)
    assert stage.records == []
    await says(stage, A, 3)
    await stage.live(HOUR)
    assert sent(stage) == [A]


async def test_an_ended_request_answers_for_what_came_before_its_end(stage: Stage) -> None:
    """It is cancelled, and stays so."""
    first = await says(stage, A, 1)
    await takes_back(stage, 3)
    assert (await says(stage, B, 2)).status is Status.CANCELLED
    await stage.live(HOUR)
    assert (sent(stage), (await stage.stored(first)).status) == ([], Status.CANCELLED)


async def test_events_of_one_moment_count_as_they_come(stage: Stage) -> None:
    """A CRM whose clock ticks in seconds may save twice in one."""
    await says(stage, A, 1, event_id="first")
    await says(stage, B, 1, event_id="second")
    await stage.live(HOUR)
    assert sent(stage) == [B]


async def test_each_source_has_moments_of_its_own(stage: Stage) -> None:
    """Two CRMs have two clocks."""
    await says(stage, A, 5)
    await says(stage, B, 1, source="another", event_id="evt-1")
    await stage.live(HOUR)
    assert sent(stage) == [B]


async def test_a_moment_to_come_keeps_no_later_one_out(stage: Stage) -> None:
    """A CRM whose clock is a year ahead would be deaf for a year."""
    await says(stage, A, 0, occurred_at=NOW + 365 * DAY)
    stage.clock.advance(SECOND)
    await says(stage, B, 1, occurred_at=NOW + SECOND)
    await stage.live(HOUR)
    assert sent(stage) == [B]


async def test_a_repeat_with_a_newer_moment_touches_no_request(stage: Stage) -> None:
    """A customer that is saved again and again costs one row of its own, and holds up no write."""
    first = await says(stage, A, 1)
    await says(stage, A, 2)
    before = {key: row.etag for rows in stage.rows.shards.values() for key, row in rows.items()}
    await says(stage, A, 3)
    after = {key: row.etag for rows in stage.rows.shards.values() for key, row in rows.items()}
    changed = {key.split("|")[2] for key in before if after[key] != before[key]}
    assert changed == {"newest"}
    assert {key.split("|")[0] for key in after.keys() - before.keys()} == {"event"}
    assert (await stage.stored(first)).request == wanted(website=A)


async def test_what_is_approved_is_dated_and_leaves_no_other_trace_however_often_it_is_saved(stage: Stage) -> None:
    """Not a record, nor an event, nor a read, nor a row more."""
    stage.partner_center.otherwise = Write(vetting_status="Approved")
    first = await says(stage, A, 1)
    await stage.live(HOUR)
    looks, rows = len(stage.partner_center.looks), besides_moments(stage)
    for second in range(2, 50):
        assert (await says(stage, A, second)).request_id == first.request_id
    assert besides_moments(stage) == rows
    assert (len(stage.partner_center.looks), stage.news, stage.alerts) == (looks, ["Approved"], [])


async def test_what_is_older_than_the_repeat_of_an_approval_changes_nothing(stage: Stage) -> None:
    """It would begin a request for another qualification, although the CRM has said since that the first is right."""
    stage.partner_center.otherwise = Write(vetting_status=None)
    first = await says(stage, A, 1, request=wanted(Qualification.STATE_OWNED_ENTITY))
    await stage.live(HOUR)
    await says(stage, A, 5, request=wanted(Qualification.STATE_OWNED_ENTITY))
    assert (await says(stage, A, 3)).request_id == first.request_id
    await stage.live(HOUR)
    assert sent(stage) == [Qualification.STATE_OWNED_ENTITY]


async def test_an_instance_whose_clock_is_behind_believes_the_senders_moment(stage: Stage) -> None:
    """It would take what is newest for some minutes older, and what comes late through another instance for newer."""
    behind = bootstrap(SETTINGS, rows=stage.rows, bus=stage.bus, clock=lambda: stage.clock.now - 5 * MINUTE)
    newer = order(wanted(website=A), event_id="newer", occurred_at=NOW)
    await behind.intake.accept(newer)
    await says(stage, B, 0, event_id="older", occurred_at=NOW - MINUTE)
    await stage.live(HOUR)
    assert sent(stage) == [A]
