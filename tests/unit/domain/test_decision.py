from datetime import timedelta
from uuid import UUID

import pytest

from qualification.domain.customer import Certainty, Customer, Verification
from qualification.domain.decision import Adopt, ReadOn, Refuse, Submit, Wait, decide
from qualification.domain.look import CustomerQualification, Look
from qualification.domain.record import Record
from qualification.domain.request import Qualification
from qualification.domain.status import Status
from qualification.domain.unclear import noted
from qualification.domain.waiting import Reason
from tests.unit.builders import (
    CUSTOMER,
    NEW_DENIAL,
    NOW,
    OLD_DENIAL,
    POLICY,
    approved,
    in_review,
    queued,
    row,
    submitting,
    wanted,
)

EDUCATION = Qualification.EDUCATION
GOVERNMENT = Qualification.GOVERNMENT_COMMUNITY_CLOUD
STATE_OWNED = Qualification.STATE_OWNED_ENTITY
NOBODY = Customer(customer_tenant_id=CUSTOMER)
OTHER = approved().request_id

type Decision = Adopt | ReadOn | Refuse | Wait | Submit


def spent(*certainties: Certainty) -> Customer:
    """A customer with so many education verifications."""
    entries = tuple(Verification(certainty=each, request_id=OTHER, write=n) for n, each in enumerate(certainties))
    return NOBODY.model_copy(update={"verifications": entries})


def decided(
    record: Record,
    *rows: CustomerQualification,
    others: tuple[Record, ...] = (),
    customer: Customer = NOBODY,
    unreadable: int = 0,
    confirm_first: frozenset[Qualification] = frozenset(),
) -> Decision:
    """What is decided on a read that shows these rows."""
    look = Look(rows, NOW)
    seen = customer.after(look)
    seen = noted(seen, others, look)
    return decide(record, others, seen, look, policy=POLICY, unreadable=unreadable, confirm_first=confirm_first)


def reason(decision: Decision) -> Reason | None:
    """What it waits for."""
    return decision.reason if isinstance(decision, Wait) else None


@pytest.mark.parametrize("qualification", Qualification)
def test_a_customer_without_qualifications_may_be_submitted(qualification: Qualification) -> None:
    """Nothing there, nothing in the way."""
    assert decided(queued(wanted(qualification))) == Submit()


@pytest.mark.parametrize("word", ["InReview", "Approved", "approved", "in review", "IN_REVIEW"])
@pytest.mark.parametrize("record", [queued(), submitting()], ids=lambda each: each.status)
def test_what_is_there_already_is_adopted(word: str, record: Record) -> None:
    """In review or approved: a second POST is never right."""
    decision = decided(record, row("Approved", STATE_OWNED), row(word))
    assert isinstance(decision, Adopt)
    assert decision.found.row == row(word)


@pytest.mark.parametrize("word", ["OnHold", None, ""])
def test_a_word_that_nobody_knows_waits_for_a_person(word: str | None) -> None:
    """It is neither adopted nor written over, until somebody confirms."""
    assert reason(decided(queued(), row(word))) is Reason.UNKNOWN_VETTING_STATUS
    confirmed = queued(confirmed=frozenset({Reason.UNKNOWN_VETTING_STATUS}))
    assert decided(confirmed, row(word)) == Submit()


def test_state_owned_without_a_word_is_a_grant() -> None:
    """It is declared and never vetted."""
    assert isinstance(decided(queued(wanted(STATE_OWNED)), row(None, STATE_OWNED)), Adopt)


@pytest.mark.parametrize("spelling", ["Education", "education", "EDUCATION"])
def test_a_row_is_found_without_regard_to_case(spelling: str) -> None:
    """Partner Center's spellings differ between its pages."""
    assert isinstance(decided(queued(), row("Approved", STATE_OWNED), row("InReview", spelling)), Adopt)


@pytest.mark.parametrize("spelling", ["governmentcommunitycloud", "Government_Community_Cloud"])
def test_a_row_is_found_without_regard_to_underscores(spelling: str) -> None:
    """The synchronous API's page writes them."""
    assert isinstance(decided(queued(wanted(GOVERNMENT)), row("Approved", spelling)), Adopt)


@pytest.mark.parametrize("created", [OLD_DENIAL, NEW_DENIAL, None])
def test_a_denial_before_any_write_is_an_older_one(created: str | None) -> None:
    """It answers another request."""
    assert decided(queued(), row("Denied", created=created)) == Submit()


def test_a_newer_denial_after_a_write_is_its_answer() -> None:
    """The write took effect and was denied; sending it again would spend another verification."""
    assert isinstance(decided(submitting(), row("Denied", created=NEW_DENIAL)), Adopt)


@pytest.mark.parametrize(("wanted_", "held"), [(EDUCATION, GOVERNMENT), (GOVERNMENT, EDUCATION)])
def test_education_and_government_exclude_each_other(wanted_: Qualification, held: Qualification) -> None:
    """Refused without a call where the other is approved, with what to do about it."""
    decision = decided(queued(wanted(wanted_)), row("Approved", held))
    assert isinstance(decision, Refuse)
    assert decision.error.code == "qualifications-cannot-be-combined"
    assert held.value in decision.error.description
    assert decision.error.remedy


def test_a_write_in_doubt_is_not_refused_for_what_the_customer_has_meanwhile() -> None:
    """It may have taken effect; a person ends it."""
    doubtful = submitting(wanted(GOVERNMENT), confirmed=frozenset({Reason.OUTCOME_UNKNOWN}), out=True)
    decision = decided(doubtful, row("Approved", EDUCATION))
    assert reason(decision) is Reason.COMBINATION_IN_REVIEW
    assert isinstance(decision, Wait)
    assert "approved" in decision.detail
    assert "cancel this request" in decision.remedy
    assert "goes on" not in decision.remedy


@pytest.mark.parametrize(("wanted_", "held"), [(EDUCATION, GOVERNMENT), (GOVERNMENT, EDUCATION)])
@pytest.mark.parametrize("word", ["InReview", "OnHold", None])
def test_what_is_in_review_is_waited_for(wanted_: Qualification, held: Qualification, word: str | None) -> None:
    """It may be denied, and then this one may go."""
    assert reason(decided(queued(wanted(wanted_)), row(word, held))) is Reason.COMBINATION_IN_REVIEW


@pytest.mark.parametrize("status", Status)
def test_so_is_a_request_of_ours_for_the_other(status: Status) -> None:
    """From its claim on, whatever the read shows; before it, whoever is claimed first goes."""
    other = queued(wanted(GOVERNMENT), request_id=OTHER, status=status)
    waits = {Status.SUBMITTING: Reason.COMBINATION_IN_REVIEW}
    if status in {Status.IN_REVIEW, Status.APPROVED}:
        # A record that stands beside a read without its row is unclear in the first place.
        waits[status] = Reason.STATUS_UNCLEAR
    assert reason(decided(queued(), others=(other,))) is waits.get(status)


@pytest.mark.parametrize(("wanted_", "held"), [(EDUCATION, GOVERNMENT), (GOVERNMENT, EDUCATION)])
def test_a_denied_qualification_excludes_nothing(wanted_: Qualification, held: Qualification) -> None:
    """The customer does not have it."""
    assert decided(queued(wanted(wanted_)), row("Denied", held)) == Submit()


@pytest.mark.parametrize(
    ("wanted_", "held"),
    [(STATE_OWNED, EDUCATION), (STATE_OWNED, GOVERNMENT), (EDUCATION, STATE_OWNED), (GOVERNMENT, STATE_OWNED)],
)
def test_state_owned_goes_with_either(wanted_: Qualification, held: Qualification) -> None:
    """Microsoft's page lets a customer have both."""
    assert decided(queued(wanted(wanted_)), row("Approved", held)) == Submit()


@pytest.mark.parametrize("count", range(4))
@pytest.mark.parametrize("confirmed", [False, True])
def test_the_last_education_verification_wants_a_confirmation(count: int, confirmed: bool) -> None:  # noqa: FBT001  a column of the table
    """Two go by themselves, the third only where somebody has confirmed it, a fourth never."""
    decision = decided(queued(wanted(confirmLastAttempt=confirmed)), customer=spent(*[Certainty.CERTAIN] * count))
    if count == 3:
        assert isinstance(decision, Refuse)
        assert decision.error.code == "education-budget-spent"
        assert decision.error.remedy
    else:
        assert reason(decision) is (Reason.LAST_ATTEMPT if count == 2 and not confirmed else None)


@pytest.mark.parametrize("doubt", [Certainty.IN_DOUBT, Certainty.SHOWN])
def test_three_that_are_not_all_certain_wait(doubt: Certainty) -> None:
    """Nobody knows whether the last is spent; who decides is told which are certain."""
    customer = spent(Certainty.CERTAIN, Certainty.CERTAIN, doubt)
    decision = decided(queued(wanted(confirmLastAttempt=True)), customer=customer)
    assert reason(decision) is Reason.LAST_ATTEMPT
    assert isinstance(decision, Wait)
    assert "2 accepted by Partner Center, 1" in decision.detail
    assert decided(queued(confirmed=frozenset({Reason.LAST_ATTEMPT})), customer=customer) == Submit()


@pytest.mark.parametrize("qualification", [GOVERNMENT, STATE_OWNED])
def test_only_education_has_a_budget(qualification: Qualification) -> None:
    """The others may be asked for again and again."""
    assert decided(queued(wanted(qualification)), customer=spent(*[Certainty.CERTAIN] * 9)) == Submit()


@pytest.mark.parametrize("qualification", Qualification)
def test_some_qualifications_wait_for_a_person_first(qualification: Qualification) -> None:
    """Those of CONFIRM_QUALIFICATIONS; what is there already is adopted all the same."""
    record, first = queued(wanted(qualification)), frozenset({qualification})
    assert reason(decided(record, confirm_first=first)) is Reason.CONFIRMATION_NEEDED
    assert isinstance(decided(record, row("InReview", qualification), confirm_first=first), Adopt)
    confirmed = record.changed(confirmed=frozenset({Reason.CONFIRMATION_NEEDED}))
    assert decided(confirmed, confirm_first=first) == Submit()


def test_a_record_that_cannot_be_read_stops_writes() -> None:
    """Nobody knows what it says; what is there already is adopted all the same."""
    assert reason(decided(queued(), unreadable=1)) is Reason.STATUS_UNCLEAR
    assert isinstance(decided(queued(), row("InReview"), unreadable=1), Adopt)


@pytest.mark.parametrize("record", [in_review(), approved()], ids=lambda each: each.status)
def test_a_read_that_shows_less_than_our_records_permits_no_write(record: Record) -> None:
    """Until a second one, six hours later, agrees."""
    standing = record.changed(request_id=OTHER)
    new = queued(wanted(STATE_OWNED))
    assert reason(decided(new, others=(standing,))) is Reason.STATUS_UNCLEAR
    since = NOBODY.model_copy(update={"unclear": (OTHER,), "unclear_since": NOW - POLICY.review_again})
    assert decided(new, others=(standing,), customer=since) == Submit()
    younger = since.model_copy(update={"unclear_since": NOW - POLICY.review_again + timedelta(seconds=1)})
    assert reason(decided(new, others=(standing,), customer=younger)) is Reason.STATUS_UNCLEAR


def test_what_was_lacking_of_another_request_confirms_nothing() -> None:
    """Each lack has to be shown twice."""
    standing, new = in_review(request_id=OTHER), queued(wanted(STATE_OWNED))
    another = NOBODY.model_copy(update={"unclear": (UUID(int=1),), "unclear_since": NOW - 2 * POLICY.review_again})
    assert reason(decided(new, others=(standing,), customer=another)) is Reason.STATUS_UNCLEAR


def test_what_was_given_up_after_it_was_accepted_counts_too() -> None:
    """It may still be in review; a write that nobody answered says nothing."""
    accepted = in_review(request_id=OTHER, status=Status.FAILED)
    assert reason(decided(queued(wanted(STATE_OWNED)), others=(accepted,))) is Reason.STATUS_UNCLEAR
    doubtful = submitting(request_id=OTHER, status=Status.FAILED)
    assert decided(queued(wanted(STATE_OWNED)), others=(doubtful,)) == Submit()
