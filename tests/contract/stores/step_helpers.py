"""Records in a store, and what is due there."""

from datetime import timedelta

from qualification.domain.customer import Certainty, Customer, Verification
from qualification.domain.record import Record
from qualification.domain.request import Qualification
from qualification.domain.transition import Stored, Transition
from qualification.domain.work import WorkItem
from qualification.stores.records import KeyedRecordStore
from tests.contract.stores.samples import (
    NOW,
    add,
    record,
)

FAR = NOW + timedelta(days=400)


GOVERNMENT = Qualification.GOVERNMENT_COMMUNITY_CLOUD


async def due_items(store: KeyedRecordStore) -> list[WorkItem]:
    """All work there is."""
    return [item async for page in store.due(FAR) for item in page]


async def queued(store: KeyedRecordStore) -> Stored:
    """A queued request, stored."""
    return await add(store, Transition(record()))


def counting(of: Record, number: int) -> Customer:
    """What is kept of a customer, with so many verifications."""
    spent = tuple(Verification(certainty=Certainty.CERTAIN, request_id=of.request_id, write=n) for n in range(number))
    return Customer(customer_tenant_id=of.customer_tenant_id, verifications=spent)
