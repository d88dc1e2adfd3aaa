"""Which rows a step changes."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualification.domain.customer import Customer
from qualification.domain.request import Qualification
from qualification.domain.status import Status
from qualification.domain.transition import CustomerState, Step, Stored, Transition
from qualification.domain.work import Work, WorkAction
from qualification.stores.keys import (
    SHARDS,
    cause_key,
    customer_key,
    customer_range,
    due_range,
    event_key,
    guard_key,
    joined_key,
    outbox_key,
    parse_work_key,
    request_key,
    shard_of,
    work_key,
)
from qualification.stores.layout import MAX_CHARACTERS, batches, read_state, read_work, step_changes
from qualification.stores.rows import MAX_CHANGES, Change, Delete, Insert, Replace, Row
from tests.contract.stores.samples import NOW, record, told

MOMENTS = st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=-9, minutes=-30))]))
WORK = st.builds(
    Work, action=st.sampled_from([WorkAction.QUEUE, WorkAction.REVIEW]), due=st.datetimes(timezones=st.just(UTC))
)
STEPS = st.lists(st.tuples(st.sampled_from(Status), st.none() | WORK, st.booleans()), max_size=12)
CHANGES = st.lists(
    st.lists(
        st.builds(Insert, st.integers(0, 400).map(str), st.integers(0, 100_000).map(lambda size: "x" * size)),
        min_size=1,
        max_size=8,
        unique_by=lambda change: change.key,
    ),
    max_size=60,
)


class Model:
    """Rows in memory, as strict about each change as the databases are."""

    def __init__(self) -> None:
        self.rows: dict[str, Row] = {}
        self.versions = 0

    def apply(self, changes: Sequence[Change]) -> None:
        """Make all changes; each to another row."""
        assert len({change.key for change in changes}) == len(changes)
        for change in changes:
            match change:
                case Insert(key, value):
                    assert key not in self.rows
                    self._put(key, value)
                case Replace(key, value, etag):
                    assert self.rows[key].etag == etag
                    self._put(key, value)
                case Delete(key):
                    del self.rows[key]

    def state(self, customer_id: UUID) -> CustomerState:
        """What these rows say of a customer."""
        start, stop = customer_range(customer_id)
        return read_state(customer_id, [row for key, row in self.rows.items() if start <= key < stop])[0]

    def keys(self, kind: str) -> list[str]:
        """The keys of one kind, in order."""
        return sorted(key for key in self.rows if key.startswith(f"{kind}|"))

    def _put(self, key: str, value: str) -> None:
        self.versions += 1
        self.rows[key] = Row(key, value, str(self.versions))


@given(STEPS)
def test_rows_follow_the_record_through_any_steps(steps: list[tuple[Status, Work | None, bool]]) -> None:
    """After each step: one record, one guard that says its state, one work item iff it has work, every event told."""
    model, current, events = Model(), record(), []
    customer_id = current.customer_tenant_id
    key, guard = request_key(customer_id, current.request_id), guard_key(customer_id, current.qualification)
    model.apply(step_changes(model.state(customer_id), [Step(None, Transition(current))]))
    for status, work, tells in steps:
        state = model.state(customer_id)
        (before,) = state.records
        changed = before.record.changed(status=status, work=work)
        transition = told(changed) if tells else Transition(changed)
        model.apply(step_changes(state, [Step(before, transition)]))
        current = transition.record
        events += [event_key(event) for event in transition.events]
        after = model.state(customer_id)
        assert [stored.record for stored in after.records] == [current]
        assert model.keys("customer") == sorted([guard, key])
        assert model.keys("work") == sorted([*events, *([work_key(current, work)] if work else [])])
        newest = after.guards[current.qualification]
        assert (newest.request_id, newest.active) == (current.request_id, status.is_active)


def test_a_step_that_changes_nothing_else_replaces_one_row() -> None:
    """Work item and guard are left alone while they stay as they are."""
    before = Stored(record(), "etag")
    state = CustomerState(Customer(customer_tenant_id=before.record.customer_tenant_id))
    (change,) = step_changes(state, [Step(before, Transition(before.record.changed(attempts=1)))])
    assert isinstance(change, Replace)
    assert change.etag == "etag"


@given(st.uuids(), st.uuids())
def test_notes_of_events_lie_outside_the_customers_rows(customer_id: UUID, request_id: UUID) -> None:
    """However many repeats a sender has sent, a read of the customer finds its requests only."""
    start, stop = customer_range(customer_id)
    assert not start <= joined_key(customer_id, request_id) < stop


@given(MOMENTS, MOMENTS, st.uuids(), st.uuids())
def test_work_keys_sort_by_due_time(first: datetime, second: datetime, one: UUID, other: UUID) -> None:
    """Text order is time order, in any time zone, down to the microsecond."""
    earlier, later = sorted([first, second])
    keys = [outbox_key(earlier, one, other, 1), outbox_key(later, other, one, 1)]
    assert keys[0].split("|")[1] <= keys[1].split("|")[1]
    if earlier < later:
        assert keys[0] < keys[1]


@pytest.mark.parametrize("step", [timedelta(microseconds=1), timedelta(milliseconds=100), timedelta(seconds=1)])
def test_whole_seconds_sort_with_fractions(step: timedelta) -> None:
    """Every moment is written with the same number of digits."""
    keys = [outbox_key(NOW.replace(microsecond=0) + number * step, UUID(int=1), UUID(int=2), 1) for number in range(20)]
    assert keys == sorted(keys)


@given(st.integers(1, 9_999_999_999), st.integers(1, 9_999_999_999), st.uuids(), st.datetimes(timezones=st.just(UTC)))
def test_events_of_a_moment_sort_by_number(one: int, other: int, stream: UUID, due: datetime) -> None:
    """Ten comes after nine."""
    keys = {number: outbox_key(due, stream, stream, number) for number in (one, other)}
    assert (keys[one] < keys[other]) is (one < other)


@given(MOMENTS, MOMENTS, st.sampled_from([WorkAction.QUEUE, WorkAction.REVIEW]))
def test_the_due_range_holds_what_is_due(due: datetime, now: datetime, action: WorkAction) -> None:
    """A work item is in the range of `now` exactly if it is due by then; rows of other kinds never are."""
    current = record()
    start, stop = due_range(now)
    assert (start <= work_key(current, Work(action=action, due=due)) < stop) is (due <= now)
    assert (start <= event_key(told(current).events[0].model_copy(update={"due": due})) < stop) is (due <= now)
    assert not start <= request_key(current.customer_tenant_id, current.request_id) < stop


@given(st.datetimes())
def test_a_time_without_a_zone_is_refused(time: datetime) -> None:
    """It would sort wherever the machine happens to stand."""
    with pytest.raises(ValueError, match="no time zone"):
        due_range(time)


@given(st.uuids(), st.uuids(), st.uuids())
def test_the_range_of_a_customer_holds_its_rows(customer_id: UUID, other_id: UUID, request_id: UUID) -> None:
    """All of the customer's requests, guards and what is kept beside them; nobody else's."""
    start, stop = customer_range(customer_id)
    assert start <= request_key(customer_id, request_id) < stop
    assert all(start <= guard_key(customer_id, each) < stop for each in Qualification)
    assert start <= customer_key(customer_id) < stop
    assert (start <= request_key(other_id, request_id) < stop) is (other_id == customer_id)


@given(st.text(st.characters(exclude_categories=[])))
def test_no_cause_makes_a_key_that_tables_refuse(cause: str) -> None:
    """Whatever the text: no slash, backslash, number sign, question mark or control character, and bounded length."""
    key = cause_key(uuid4(), cause)
    assert key.isascii()
    assert key.isprintable()
    assert not set(key) & set("/\\#?")
    assert len(key) < 200


@given(st.uuids())
def test_a_shard_is_one_of_sixteen(subject: UUID) -> None:
    """Every tenant has one, and always the same."""
    assert shard_of(subject) in SHARDS
    assert shard_of(UUID(str(subject))) == shard_of(subject)


def test_shards_never_move() -> None:
    """Records are found where earlier versions of this service put them."""
    tenants = [UUID(int=number) for number in range(8)]
    assert (SHARDS[0], SHARDS[9], SHARDS[15], len(SHARDS)) == ("00", "09", "15", 16)
    assert [shard_of(tenant) for tenant in tenants] == ["07", "12", "09", "11", "05", "11", "11", "11"]


def test_a_work_key_says_what_and_for_whom() -> None:
    """An item is read from its key; only an event needs the row's text."""
    current = told(record()).record
    assert current.work
    item = read_work("03", Row(work_key(current, current.work), "", "etag"))
    assert (item.shard, item.action, item.event) == ("03", "queue", None)
    assert (item.customer_tenant_id, item.request_id) == (current.customer_tenant_id, current.request_id)


@pytest.mark.parametrize("key", ["", "work", "work|x|queue", "request|x|queue|y|z", "work|x|queue|y|z"])
def test_other_keys_are_no_work(key: str) -> None:
    """A key that was not made here is refused."""
    with pytest.raises(ValueError):  # noqa: PT011  UUID, enum and ours, each with its own words
        parse_work_key(key)


@given(CHANGES)
def test_batches_keep_steps_whole_and_in_order(steps: list[list[Change]]) -> None:
    """Nothing is lost or torn apart; a batch fits in a transaction and changes no row twice."""
    found = list(batches(iter(steps)))
    assert [step for batch in found for step in batch] == steps
    for batch in found:
        changes = [change for step in batch for change in step]
        assert len({change.key for change in changes}) == len(changes) <= MAX_CHANGES
        size = sum(len(change.key) + len(change.value) for change in changes if isinstance(change, Insert))
        assert size <= MAX_CHARACTERS or len(batch) == 1


def test_small_steps_fill_a_batch() -> None:
    """As few transactions as they fit in."""
    steps: list[list[Change]] = [[Insert(f"{n}a", "x"), Insert(f"{n}b", "x")] for n in range(120)]
    assert [len(batch) for batch in batches(steps)] == [50, 50, 20]
