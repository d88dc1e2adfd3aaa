import asyncio
from collections.abc import Sequence

import pytest

from qualification.domain.errors import BusUnavailable
from qualification.service_bus.batching import Mailbox

LARGEST_BATCH = 4


class Post:
    """Takes batches one at a time, each when it is let through.

    Attributes:
        batches: what was sent, in order.
        taken: set once a batch is under way.
        most_at_once: batches under way at the same time, at most.
        gate: lets so many batches through.
        broken: whether what is let through fails.
    """

    def __init__(self) -> None:
        self.batches: list[list[str]] = []
        self.taken = asyncio.Event()
        self.most_at_once = 0
        self.gate = asyncio.Semaphore(0)
        self.broken = False
        self._at_once = 0

    async def send(self, batch: Sequence[str]) -> None:
        """Wait at the gate; then it is sent, or not."""
        self.taken.set()
        self._at_once += 1
        self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            await self.gate.acquire()
        finally:
            self._at_once -= 1
        if self.broken:
            raise BusUnavailable("the link is gone")
        self.batches.append(list(batch))

    def open(self) -> None:
        """Every batch goes through from now on."""
        for _ in range(100):
            self.gate.release()


@pytest.fixture
def post() -> Post:
    """The far end."""
    return Post()


@pytest.fixture
def mailbox(post: Post) -> Mailbox[str]:
    """A mailbox to it."""
    return Mailbox(post.send, LARGEST_BATCH)


async def test_a_message_is_sent(mailbox: Mailbox[str], post: Post) -> None:
    """And the caller waits until it is."""
    caller = asyncio.create_task(mailbox.post(["a"]))
    await post.taken.wait()
    assert not caller.done()
    post.open()
    await caller
    assert post.batches == [["a"]]


async def test_nothing_is_sent_for_nothing(mailbox: Mailbox[str], post: Post) -> None:
    """An empty batch would be refused."""
    await mailbox.post([])
    assert not post.taken.is_set()


async def test_callers_at_the_same_time_share_a_batch(mailbox: Mailbox[str], post: Post) -> None:
    """In the order in which they came."""
    post.open()
    await asyncio.gather(mailbox.post(["a"]), mailbox.post(["b", "c"]), mailbox.post(["d"]))
    assert post.batches == [["a", "b", "c", "d"]]


async def test_who_comes_while_a_batch_is_under_way_goes_with_the_next(mailbox: Mailbox[str], post: Post) -> None:
    """One batch at a time: order is kept, and a busy bus gets fewer and fuller batches."""
    first = asyncio.create_task(mailbox.post(["a"]))
    await post.taken.wait()
    others = [asyncio.create_task(mailbox.post([name])) for name in "bcd"]
    await asyncio.sleep(0)
    post.open()
    await asyncio.gather(first, *others)
    assert post.batches == [["a"], ["b", "c", "d"]]
    assert post.most_at_once == 1


async def test_a_batch_is_no_larger_than_it_may_be(mailbox: Mailbox[str], post: Post) -> None:
    """Callers are not torn apart, and order is kept; one who brings more alone goes alone."""
    post.open()
    bundles = [["a", "b", "c"], ["d", "e"], ["f"], list("ghijkl"), ["m"]]
    await asyncio.gather(*(mailbox.post(bundle) for bundle in bundles))
    assert post.batches == [["a", "b", "c"], ["d", "e", "f"], list("ghijkl"), ["m"]]


async def test_many_messages_arrive_once_and_in_order(mailbox: Mailbox[str], post: Post) -> None:
    """Whatever batches they go in."""
    post.open()
    names = [str(number) for number in range(50)]
    await asyncio.gather(*(mailbox.post([name]) for name in names))
    assert [name for batch in post.batches for name in batch] == names


async def test_a_failing_batch_fails_its_callers_only(mailbox: Mailbox[str], post: Post) -> None:
    """The next batch is tried, with callers of its own."""
    post.broken = True
    failing = [asyncio.create_task(mailbox.post([name])) for name in "ab"]
    await post.taken.wait()
    later = asyncio.create_task(mailbox.post(["c"]))
    post.gate.release()
    results = await asyncio.gather(*failing, return_exceptions=True)
    assert [type(result) for result in results] == [BusUnavailable, BusUnavailable]
    post.broken = False
    post.open()
    await later
    assert post.batches == [["c"]]


async def test_a_caller_who_leaves_early_takes_its_messages_along(mailbox: Mailbox[str], post: Post) -> None:
    """It has stopped waiting, so it will send them again; the others are not disturbed."""
    first = asyncio.create_task(mailbox.post(["a"]))
    await post.taken.wait()
    leaving, staying = (asyncio.create_task(mailbox.post([name])) for name in "bc")
    await asyncio.sleep(0)
    leaving.cancel()
    post.open()
    await asyncio.gather(first, staying)
    assert leaving.cancelled()
    assert post.batches == [["a"], ["c"]]


async def test_a_caller_who_leaves_late_leaves_its_messages(mailbox: Mailbox[str], post: Post) -> None:
    """They are under way, and whoever shares the batch is told how it ends."""
    leaving, staying = (asyncio.create_task(mailbox.post([name])) for name in "ab")
    await post.taken.wait()
    leaving.cancel()
    post.open()
    await staying
    assert leaving.cancelled()
    assert post.batches == [["a", "b"]]


async def test_when_all_have_left_nothing_is_sent(mailbox: Mailbox[str], post: Post) -> None:
    """And the next caller is served."""
    first = asyncio.create_task(mailbox.post(["a"]))
    await post.taken.wait()
    leaving = asyncio.create_task(mailbox.post(["b"]))
    await asyncio.sleep(0)
    leaving.cancel()
    post.open()
    await first
    await mailbox.post(["c"])
    assert post.batches == [["a"], ["c"]]


async def test_closing_tells_everybody_who_waits(mailbox: Mailbox[str], post: Post) -> None:
    """Those whose batch is under way, and those whose turn has not come."""
    under_way = asyncio.create_task(mailbox.post(["a"]))
    await post.taken.wait()
    waiting = asyncio.create_task(mailbox.post(["b"]))
    await asyncio.sleep(0)
    await mailbox.close()
    await asyncio.wait([under_way, waiting], timeout=5)
    assert under_way.cancelled()
    assert waiting.cancelled()
    assert post.batches == []


async def test_closing_what_was_never_used_is_fine(mailbox: Mailbox[str]) -> None:
    """A cold start that ends early closes everything."""
    await mailbox.close()
    await mailbox.close()
