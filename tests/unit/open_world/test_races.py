"""Two events of one customer at the same time."""

from datetime import timedelta
from itertools import pairwise
from uuid import UUID

from qualification.domain.request import Qualification
from qualification.domain.status import Status
from tests.unit.builders import NOW, order, wanted
from tests.unit.stage import Stage

SECOND = timedelta(seconds=1)


class Late(Stage):
    """A stage on which time passes while a nameless event is taken."""

    def new_id(self) -> UUID:
        """An id, a while later."""
        self.clock.now = NOW + 2 * SECOND
        return super().new_id()


async def test_a_request_that_another_takes_the_place_of_ends_after_it_began() -> None:
    """The other one was received first and stored last."""
    stage = Late()
    stage.clock.now = NOW + SECOND
    first = await stage.accept(order(event_id="evt-1"))
    stage.clock.now = NOW
    second = await stage.accept(order(wanted(Qualification.STATE_OWNED_ENTITY), event_id=None))
    first = await stage.stored(first)
    assert first.status is Status.CANCELLED
    assert all(one.at <= other.at for one, other in pairwise(first.history))
    assert first.created_at <= second.created_at
