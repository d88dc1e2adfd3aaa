"""By what an event is known when it comes again."""

import asyncio

import pytest

from qualification.domain.errors import (
    ActiveRequestExists,
    IdempotencyKeyReused,
)
from qualification.domain.request import Qualification, QualificationRequest
from qualification.domain.status import Status
from qualification.use_cases.order import fingerprint, request_id
from tests.unit.builders import (
    CODE,
    OTHER_CUSTOMER,
    in_review,
    order,
    wanted,
)
from tests.unit.stage import Stage


async def test_the_same_event_again_gets_the_same_answer(stage: Stage) -> None:
    """Nothing is stored twice; a hint that is repeated has the number of the first, and is dropped."""
    first = await stage.accept(order())
    assert await stage.accept(order()) == first
    assert len(stage.records) == len(set(stage.bus.queue)) == 1


async def test_the_same_event_from_all_sides_at_once_is_stored_once(stage: Stage) -> None:
    """Senders retry while the first call is under way."""
    records = await asyncio.gather(*(stage.accept(order()) for _ in range(10)))
    assert len({record.request_id for record in records}) == len(stage.records) == len(set(stage.bus.queue)) == 1


async def test_the_same_event_is_known_after_its_request_has_ended(stage: Stage) -> None:
    """A sender's late retry does not start a second vetting."""
    record = await stage.accept(order())
    await stage.put(record.changed(status=Status.DENIED, work=None))
    assert (await stage.accept(order())).status is Status.DENIED
    assert len(stage.records) == 1


async def test_the_same_event_with_another_content_is_refused(stage: Stage) -> None:
    """One of the two is a mistake, and nobody here can tell which."""
    await stage.accept(order())
    with pytest.raises(IdempotencyKeyReused):
        await stage.accept(order(wanted(educationSegment="HigherEducation")))


async def test_a_repeat_is_compared_with_its_own_event(stage: Stage) -> None:
    """Not with the correction that has taken its place meanwhile."""
    first = await stage.accept(order())
    await stage.accept(order(wanted(website="contoso.org"), event_id="evt-2"))
    assert (await stage.accept(order())).request_id == first.request_id
    with pytest.raises(IdempotencyKeyReused):
        await stage.accept(order(wanted(website="contoso.org")))


def test_an_event_id_counts_within_its_source_and_customer() -> None:
    """Two CRMs, or two customers, may use the same."""
    same = order()
    others = [order(source="other"), order(customer_tenant_id=OTHER_CUSTOMER), order(event_id="evt-2")]
    assert request_id(same) == request_id(order())
    assert len({request_id(each) for each in [same, *others]}) == 4


def test_the_id_of_an_event_never_changes() -> None:
    """Or a sender's retry after an upgrade would be another request."""
    assert str(request_id(order())) == "d76f0b8a-7bcc-5d07-b1c3-d74a0b49e89c"


def test_equal_content_has_an_equal_fingerprint() -> None:
    """A validation code is left out: it must not be computed from what is stored."""
    government = wanted(Qualification.GOVERNMENT_COMMUNITY_CLOUD)
    other_code = wanted(Qualification.GOVERNMENT_COMMUNITY_CLOUD, validationCode="other")
    assert fingerprint(government) == fingerprint(other_code)
    assert fingerprint(wanted()) != fingerprint(wanted(website="contoso.org"))
    assert CODE not in fingerprint(government)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (
            wanted(customerName="Contoso", reference={"type": "account", "id": "A-1"}),
            "1021dfac2449835f18c73fbc0183f52a8bbe45d12aecd9bd4ff5eadecf0c5748",
        ),
        (
            wanted(confirmLastAttempt=True, mode="synchronous"),
            "7bcce62a0ee72c2270072e7295fee10f52fe16c971cd81dc4d94f6f2a27b06e0",
        ),
        (
            wanted(Qualification.GOVERNMENT_COMMUNITY_CLOUD),
            "8c066f4a987285490de4aa858a71707acb9384a588dd23fcd652dd998a7d2c59",
        ),
        (wanted(Qualification.STATE_OWNED_ENTITY), "b3cc7d079d2accc0b2db477c96e92270b86f623569b69182ba7b4184b7dffac9"),
    ],
    ids=["education", "other education", "government", "state-owned"],
)
def test_the_fingerprint_of_a_content_never_changes(content: QualificationRequest, expected: str) -> None:
    """Or a sender's retry after an upgrade would be refused as another content."""
    assert fingerprint(content) == expected


def test_an_event_id_may_hold_bytes_that_are_no_utf_8() -> None:
    """A sender's header is not ours to correct; the service takes it, and tells two of them apart."""
    odd, other = request_id(order(event_id="key-\udcff")), request_id(order(event_id="key-\udcfe"))
    assert str(odd) == "9e8b7792-46ac-5129-9b6c-90ffe986b8fb"
    assert other not in {odd, None}


async def test_without_an_event_id_every_call_is_a_request(stage: Stage) -> None:
    """Where none is active, that is."""
    await stage.accept(order(event_id=None, source="api", joins=False))
    with pytest.raises(ActiveRequestExists):
        await stage.accept(order(event_id=None, source="api", joins=False))


async def test_a_joined_event_keeps_its_content(stage: Stage) -> None:
    """The same event id with another content is refused here, too."""
    await stage.put(in_review())
    await stage.accept(order())
    with pytest.raises(IdempotencyKeyReused):
        await stage.accept(order(wanted(educationSegment="HigherEducation")))


async def test_a_joined_event_is_known_after_the_request_has_ended(stage: Stage) -> None:
    """A sender's late retry of it begins nothing, like that of the first."""
    active = await stage.put(in_review())
    await stage.accept(order())
    ended = await stage.put(active.changed(status=Status.DENIED, work=None))
    assert await stage.accept(order()) == ended
    assert stage.records == [ended]


async def test_whoever_uses_a_name_twice_is_told_of_both_kinds_of_name(stage: Stage) -> None:
    """The CRM administrator or the caller looks for what gives two events one id."""
    await stage.accept(order())
    with pytest.raises(IdempotencyKeyReused) as refused:
        await stage.accept(order(wanted(educationSegment="HigherEducation")))
    assert str(refused.value) == "This event id or Idempotency-Key came before, with another content."
