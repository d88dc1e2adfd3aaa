"""What a person must have confirmed before a request is written, and which confirmation covers what."""

import pytest

from qualification.domain.customer import Customer
from qualification.domain.decision import Adopt, ReadOn, Refuse, Submit, Wait, above_limit, decide
from qualification.domain.look import CustomerQualification, Look
from qualification.domain.record import Record
from qualification.domain.waiting import Reason
from tests.unit.builders import CUSTOMER, NOW, POLICY, queued, row

COVERS_ALL = {Reason.LAST_ATTEMPT, Reason.OUTCOME_UNKNOWN, Reason.REVIEW_OVERDUE}
"""Whoever confirms one of these has looked at the customer, and agreed to a write that may cost a verification."""


def decided(record: Record, *rows: CustomerQualification) -> Adopt | ReadOn | Refuse | Wait | Submit:
    """What is decided on a read that shows these rows."""
    look = Look(rows, NOW)
    return decide(record, (), Customer(customer_tenant_id=CUSTOMER).after(look), look, policy=POLICY)


@pytest.mark.parametrize("confirmed", [None, *Reason])
def test_one_too_many_of_its_day_goes_when_a_person_has_confirmed_that(confirmed: Reason | None) -> None:
    """Or has confirmed what costs more; the operator reads which CRM it is, and its limit."""
    record = queued(over_limit=200, confirmed=frozenset({confirmed} if confirmed else ()))
    goes = confirmed in COVERS_ALL | {Reason.DAILY_LIMIT}
    assert decided(record) == (Submit() if goes else above_limit("standard", 200))


@pytest.mark.parametrize(("word", "shown"), [("OnHold", "OnHold"), (None, "None"), ("Escalated", "Escalated")])
def test_each_word_that_nobody_knows_is_news_of_its_own(word: str | None, shown: str) -> None:
    """Somebody who has seen one of them is alerted again when Partner Center says another."""
    assert decided(queued(), row(word)) == Wait(
        Reason.UNKNOWN_VETTING_STATUS,
        f"Partner Center reports the vetting status {word!r}, which this service does not know.",
        "Look at the customer in Partner Center; confirm to send the request all the same, or cancel it.",
        news=shown,
    )
