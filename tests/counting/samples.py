"""Many customers at once."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID, uuid4

from qualification.domain.record import Record
from qualification.domain.request import Qualification
from qualification.stores.keys import SHARDS, shard_of
from tests.unit.builders import NOW, in_review, queued, reviewed_as, wanted


def customers(number: int, shards: Iterable[str] = SHARDS) -> list[UUID]:
    """Customers whose rows are in these shards."""
    wanted_shards = set(shards)
    found: list[UUID] = []
    while len(found) < number:
        customer_id = uuid4()
        if shard_of(customer_id) in wanted_shards:
            found.append(customer_id)
    return found


def waiting(customer_ids: Iterable[UUID]) -> list[Record]:
    """A request of each, on its way to Partner Center."""
    return [queued(customer_tenant_id=each, request_id=uuid4()) for each in customer_ids]


def vetted(
    customer_ids: Iterable[UUID], qualifications: Iterable[Qualification] = (Qualification.EDUCATION,)
) -> list[Record]:
    """Requests of each that Microsoft is vetting; Partner Center has nothing new about them."""
    kinds = [wanted(kind) for kind in qualifications]
    return [in_review(kind, customer_tenant_id=each, request_id=uuid4()) for each in customer_ids for kind in kinds]


def denied(customer_ids: Iterable[UUID]) -> list[Record]:
    """A finished request of each, long ago."""
    then = NOW - timedelta(days=90)
    return [reviewed_as(record, "Denied", then).changed(work=None) for record in vetted(customer_ids)]
