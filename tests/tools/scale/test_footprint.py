"""What the model says a step costs, counted in the real use cases over a real store."""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from qualification.bootstrap import bootstrap
from qualification.domain.customer import Customer
from qualification.domain.lifecycle import can_submit
from qualification.domain.record import Record
from qualification.domain.request import Mode, Qualification
from qualification.domain.transition import CustomerState, Transition
from qualification.domain.transition import Step as Changed
from qualification.stores.layout import step_changes
from qualification.stores.rows import Change, Insert, Row
from qualification.stores.sqlite import SqliteRows
from tests.runtime.app_settings import lonely_settings
from tests.unit.builders import CUSTOMER, MS_REQUEST, NOW, POLICY, approved, order, row, wanted
from tests.unit.stand_ins.bus import StandInBus
from tests.unit.stand_ins.clock import StandInClock
from tests.unit.stand_ins.partner_center import StandInPartnerCenter, Write
from tools.scale import footprint
from tools.scale.footprint import Step


class CountedRows:
    """Rows that count what would be calls to Table Storage, and the rows in them."""

    def __init__(self, rows: SqliteRows) -> None:
        self.rows = rows
        self.transactions = self.entities = 0

    async def make(self) -> bool:
        """See Rows."""
        return await self.rows.make()

    async def get(self, shard: str, key: str) -> Row | None:
        """See Rows."""
        found = await self.rows.get(shard, key)
        self.transactions += 1
        self.entities += found is not None
        return found

    async def scan(self, shard: str, start: str, stop: str) -> AsyncIterator[list[Row]]:
        """See Rows."""
        pages = [page async for page in self.rows.scan(shard, start, stop)]
        self.transactions += max(1, len(pages))
        for page in pages:
            self.entities += len(page)
            yield page

    async def ranges(self, shard: str, bounds: Sequence[tuple[str, str]]) -> list[Row]:
        """See Rows; Table Storage is asked for one at a time."""
        found = await self.rows.ranges(shard, bounds)
        self.transactions += len(bounds)
        self.entities += len(found)
        return found

    async def transact(self, shard: str, changes: Sequence[Change]) -> dict[str, str]:
        """See Rows."""
        self.transactions += 1
        self.entities += len(changes)
        return await self.rows.transact(shard, changes)

    async def close(self) -> None:
        """See Rows."""
        await self.rows.close()


class Counted:
    """The use cases, and what they have cost since they were last asked."""

    def __init__(self, folder: Path) -> None:
        self.clock, self.bus = StandInClock(), StandInBus()
        self.partner_center = StandInPartnerCenter(self.clock)
        self.rows = CountedRows(SqliteRows(folder / "records.db"))
        service = bootstrap(
            lonely_settings(folder) | {"PARTNER_CENTER_MAX_CONCURRENCY": "1", "REVIEW_OVERDUE": "P5D"},
            rows=self.rows,
            bus=self.bus,
            partner_center=self.partner_center,
            clock=self.clock,
            new_id=lambda: MS_REQUEST,
            chance=lambda: 1.0,
        )
        self.store, self.intake, self.submission, self.progress = (
            service.store,
            service.intake,
            service.submission,
            service.due_work,
        )
        self.codes_taken = 0

    async def accept(self, kind: Qualification, mode: Mode) -> Record:
        """A webhook."""
        return await self.intake.accept(order(wanted(kind, mode=str(mode), validationCode=None)))

    async def submit(self, record: Record) -> None:
        """Its message."""
        assert can_submit(record, self.clock())
        await self.submission.submit(record.customer_tenant_id, record.request_id)

    def cost(self, lines: int) -> Step:
        """What all of it has cost since the last time; lines of the log are taken as they are said to be."""
        center = self.partner_center
        step = Step(
            transactions=self.rows.transactions,
            entities=self.rows.entities,
            calls=len(center.looks) + len(center.sent) + self.codes_taken,
            messages=len(self.bus.queue),
            events=len(self.bus.topic),
            lines=lines,
        )
        self.rows.transactions = self.rows.entities = self.codes_taken = 0
        for kept in (center.looks, center.sent, self.bus.queue, self.bus.topic):
            kept.clear()
        return step


@pytest.fixture
async def counted(tmp_path: Path) -> AsyncIterator[Counted]:
    """The use cases over an empty store, whose marker was seen just now."""
    service = Counted(tmp_path)
    await service.store.ping()
    service.cost(lines=0)
    yield service
    await service.rows.close()


async def test_accepting_costs_what_the_model_says(counted: Counted) -> None:
    """One transaction."""
    await counted.accept(Qualification.EDUCATION, Mode.ASYNCHRONOUS)
    assert counted.cost(lines=1) == footprint.ACCEPT


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("kind", Qualification)
async def test_submitting_costs_what_the_model_says(
    counted: Counted, kind: Qualification, mode: Mode, caplog: pytest.LogCaptureFixture
) -> None:
    """Reads, calls, commits and the event, for each qualification in each mode; a code is taken by one call more."""
    possible = Mode.ASYNCHRONOUS if kind is Qualification.STATE_OWNED_ENTITY else mode
    is_vetted = kind is Qualification.EDUCATION and mode is Mode.ASYNCHRONOUS
    counted.partner_center.codes = ["GCC-1"]
    counted.partner_center.writes.append(Write(vetting_status="InReview" if is_vetted else "Approved"))
    record = await counted.accept(kind, possible)
    counted.cost(lines=1)
    caplog.clear()
    await counted.submit(record)
    counted.codes_taken = int(kind is Qualification.GOVERNMENT_COMMUNITY_CLOUD)
    lines = sum(getattr(each, "event", None) == "request_status" for each in caplog.records)
    assert counted.cost(lines) == footprint.SUBMIT[kind]


async def test_a_look_costs_what_the_model_says_and_news_a_little_more(counted: Counted) -> None:
    """A look reads once and shares a transaction; one with news is stored and told by itself. Scans, hold and marker come on top."""
    counted.partner_center.writes.append(Write(vetting_status="InReview"))
    await counted.submit(await counted.accept(Qualification.EDUCATION, Mode.ASYNCHRONOUS))
    # The first look at a review changes what is kept of the customer; those after it do not.
    for _ in range(2):
        counted.cost(lines=0)
        counted.clock.advance(POLICY.review_first)
        await counted.progress.advance()
    quiet = counted.cost(lines=0)
    shared, due = footprint.READS_A_SCAN + 3, 2
    assert quiet == Step(
        transactions=footprint.LOOK.transactions + shared, entities=footprint.LOOK.entities + due, calls=1
    )
    counted.partner_center.held[CUSTOMER] = [row("Approved", created=NOW.isoformat())]
    counted.clock.advance(POLICY.review_max)
    await counted.progress.advance()
    news = counted.cost(lines=0)
    extra = footprint.NEWS
    assert news.transactions - (quiet.transactions - 1) == extra.transactions
    assert news.entities - quiet.entities == extra.entities
    assert (news.calls, news.events) == (1, extra.events)


def test_a_record_is_as_large_as_the_model_says() -> None:
    """Characters of keys and values, two bytes each, of a request that was approved and is looked at again."""
    changes = step_changes(
        CustomerState(Customer(customer_tenant_id=CUSTOMER)), [Changed(None, Transition(approved()))]
    )
    size = sum(2 * (len(each.key) + len(each.value)) for each in changes if isinstance(each, Insert))
    assert pytest.approx(size, rel=0.05) == footprint.RECORD_BYTES
