"""Events without a name: whether the same content is a repeat, and for whom that is asked at all."""

from datetime import timedelta

import pytest

from qualification.bootstrap import Service, bootstrap
from qualification.domain.actions import cancelled
from qualification.domain.arrival import REPEATED_WITHIN
from qualification.domain.request import Qualification
from qualification.domain.transition import Step, Transition
from qualification.stores.rows import Row
from tests.unit.builders import AT, CUSTOMER, NOW, REQUEST, in_review, order, wanted
from tests.unit.stage import SETTINGS, Stage
from tests.unit.stand_ins.rows import MemoryRows, marked_rows

ENDED = cancelled(in_review(), "anna", None, AT)
MOMENT = timedelta(microseconds=1)


class KeyedRows(MemoryRows):
    """Keeps the key of each row that is looked up by itself."""

    def __init__(self) -> None:
        super().__init__()
        self.shards = marked_rows().shards
        self.got: list[str] = []

    async def get(self, shard: str, key: str) -> Row | None:
        """See Rows."""
        self.got.append(key)
        return await super().get(shard, key)

    def count(self, kind: str) -> int:
        """How many keys have this in them."""
        return sum(kind in key for key in self.got)


async def over(rows: MemoryRows, stage: Stage, transition: Transition | None = None) -> Service:
    """The service over these rows, in which this is stored, its events not published yet."""
    service = bootstrap(SETTINGS, rows=rows, bus=stage.bus, clock=stage.clock, new_id=stage.new_id)
    if transition is not None:
        state = (await service.store.customers(CUSTOMER))[CUSTOMER]
        await service.store.commit(state, [Step(None, transition)])
    return service


@pytest.mark.parametrize(
    ("age", "published", "is_new"),
    [
        (REPEATED_WITHIN, True, False),
        (REPEATED_WITHIN + MOMENT, True, True),
        (REPEATED_WITHIN + MOMENT, False, False),
    ],
    ids=["to the hour", "later", "later, and nobody has heard of the end"],
)
async def test_the_same_again_is_a_repeat_for_an_hour_after_the_end_was_published(
    stage: Stage,
    age: timedelta,
    published: bool,  # noqa: FBT001  a parameter of the rule
    is_new: bool,  # noqa: FBT001  as above
) -> None:
    """A CRM that writes the end into its record may send that record again by itself."""
    service = await over(stage.rows, stage, Transition(ENDED.record) if published else ENDED)
    stage.clock.advance(age)
    record = await service.intake.accept(order(event_id=None))
    assert (record.request_id != REQUEST, len(stage.records)) == (is_new, 1 + is_new)


async def test_over_the_api_the_same_again_is_asked_anew_at_once(stage: Stage) -> None:
    """A person or a program means it, with or without an Idempotency-Key."""
    service = await over(stage.rows, stage, ENDED)
    record = await service.intake.accept(order(event_id=None, source="api", joins=False))
    assert record.request_id != REQUEST


async def test_for_a_named_event_nobody_looks_whether_an_end_is_published(stage: Stage) -> None:
    """A name tells a repeat by itself, and each look costs."""
    rows = KeyedRows()
    service = await over(rows, stage, ENDED)
    stage.clock.advance(REPEATED_WITHIN + MOMENT)
    await service.intake.accept(order())
    assert rows.count("|publish|") == 0


async def test_a_customer_without_requests_has_no_notes_to_look_up(stage: Stage) -> None:
    """Most customers of a first import are new."""
    rows = KeyedRows()
    await (await over(rows, stage)).intake.accept(order(occurred_at=NOW))
    assert rows.count("event|") == 0


async def test_over_the_api_another_qualification_takes_nothings_place(stage: Stage) -> None:
    """Each request by key stands for itself."""
    first = await stage.accept(order(source="api", joins=False, event_id=None))
    await stage.accept(order(wanted(Qualification.STATE_OWNED_ENTITY), source="api", joins=False, event_id=None))
    assert await stage.stored(first) == first
