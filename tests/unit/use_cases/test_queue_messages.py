"""The messages that a submission begins with."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualification.domain.errors import MalformedMessage, RequestNotFound
from qualification.domain.record import Record
from qualification.use_cases.hint import parse_message
from tests.unit.builders import (
    CUSTOMER,
    REQUEST,
    approved,
    in_review,
    submitting,
)
from tests.unit.stage import Stage

BODY = {"customerTenantId": str(CUSTOMER), "requestId": str(REQUEST)}


@pytest.mark.parametrize("record", [submitting(), in_review(), approved()], ids=lambda each: each.status)
async def test_a_repeated_message_does_nothing(stage: Stage, record: Record) -> None:
    """While the write is under way, and after it is over."""
    assert await stage.submit(await stage.put(record)) == record
    assert (stage.partner_center.looks, stage.partner_center.sent) == ([], [])


async def test_a_message_for_nothing_is_an_error(stage: Stage) -> None:
    """It ends in the dead-letter queue, where somebody sees it."""
    with pytest.raises(RequestNotFound):
        await stage.service.submission.submit(CUSTOMER, REQUEST)


def test_a_message_names_customer_and_request() -> None:
    """Its body and nothing else; metadata can be forged or overwritten."""
    assert parse_message(json.dumps(BODY | {"more": 1}).encode()) == (CUSTOMER, REQUEST)


@given(
    st.binary()
    | st.dictionaries(
        st.sampled_from(sorted(BODY)),
        st.sampled_from([str(CUSTOMER)]) | st.text() | st.none() | st.integers(),
        max_size=1,
    ).map(lambda content: json.dumps(content).encode())
    | st.recursive(st.none() | st.integers(), st.lists).map(lambda value: json.dumps(value).encode())
)
def test_any_other_message_is_malformed(body: bytes) -> None:
    """Whoever wrote it."""
    with pytest.raises(MalformedMessage):
        parse_message(body)


def test_a_malformed_message_says_what_to_do_with_it() -> None:
    """Whoever finds it in the dead-letter queue reads this beside it; its text is not shown, for it may hold a secret."""
    with pytest.raises(MalformedMessage) as told:
        parse_message(json.dumps({"customerTenantId": str(CUSTOMER)}).encode())
    assert str(told.value) == (
        "A message of 60 bytes on the queue names no customerTenantId and requestId (KeyError('requestId')); "
        "it was not written by this service. Find its sender, then delete it from the dead-letter queue."
    )
