import pytest

from qualification.domain.decision import (
    EDUCATION_BUDGET,
    Adopt,
    Confirm,
    Refuse,
    Submit,
    check_budget,
    decide,
    find,
)
from qualification.domain.lifecycle import postponed
from qualification.domain.record import Posted, Record
from qualification.domain.request import Qualification
from qualification.domain.timing import Moment
from tests.unit.builders import (
    NEW_DENIAL,
    NOW,
    OLD_DENIAL,
    POLICY,
    UNKNOWN,
    claim,
    queued,
    row,
    throttled,
    wanted,
)

EDUCATION = Qualification.EDUCATION
GOVERNMENT = Qualification.GOVERNMENT_COMMUNITY_CLOUD
STATE_OWNED = Qualification.STATE_OWNED_ENTITY


def unsure(denied_before: str | None = None) -> Record:
    """A queued request whose POST may have taken effect."""
    return postponed(
        claim(queued(), denied_before=denied_before), UNKNOWN, sent=True, alarm=False, moment=Moment(NOW, 1, POLICY)
    ).record


@pytest.mark.parametrize("wanted_", Qualification)
def test_a_customer_without_qualifications_may_be_submitted(wanted_: Qualification) -> None:
    """Nothing there, nothing in the way."""
    assert decide(queued(wanted(wanted_)), []) == Submit()


@pytest.mark.parametrize("word", ["InReview", "Approved", "approved", "in review", "IN_REVIEW", None, "OnHold"])
@pytest.mark.parametrize("posted", Posted)
def test_what_is_there_already_is_adopted(word: str | None, posted: Posted) -> None:
    """In review, approved, granted without a word, or a word nobody knows: a second POST is never right."""
    found = row(word)
    assert decide(queued(posted=posted), [row("Approved", STATE_OWNED), found]) == Adopt(found)


@pytest.mark.parametrize("spelling", ["Education", "education", "EDUCATION"])
def test_a_row_is_found_without_regard_to_case(spelling: str) -> None:
    """Partner Center's spellings differ between its pages."""
    assert find([row("Approved", STATE_OWNED), row("InReview", spelling)], EDUCATION) == row("InReview", spelling)


@pytest.mark.parametrize("spelling", ["governmentcommunitycloud", "Government_Community_Cloud"])
def test_a_row_is_found_without_regard_to_underscores(spelling: str) -> None:
    """The synchronous API's page writes them."""
    assert find([row("Approved", spelling)], GOVERNMENT) == row("Approved", spelling)


@pytest.mark.parametrize("created", [OLD_DENIAL, None])
def test_a_denial_before_any_post_is_an_older_one(created: str | None) -> None:
    """It answers another request; its creation is kept, to tell it from the answer to this one."""
    assert decide(queued(), [row("Denied", created=created)]) == Submit(denied_before=created or "")


def test_the_same_denial_after_a_post_is_still_the_older_one() -> None:
    """Partner Center has not seen the POST, so it is sent."""
    assert decide(unsure(OLD_DENIAL), [row("Denied", created=OLD_DENIAL)]) == Submit(denied_before=OLD_DENIAL)


@pytest.mark.parametrize("denied_before", [None, "", OLD_DENIAL])
def test_a_newer_denial_after_a_post_is_its_answer(denied_before: str | None) -> None:
    """The POST took effect and was denied; sending it again would spend another verification."""
    found = row("Denied", created=NEW_DENIAL)
    assert decide(unsure(denied_before), [found]) == Adopt(found)


@pytest.mark.parametrize("denied_before", [None, "", OLD_DENIAL])
def test_an_undated_denial_after_a_post_counts_as_its_answer(denied_before: str | None) -> None:
    """Whether it is cannot be known, and of the two mistakes a second POST is the one that costs something."""
    found = row("Denied")
    assert decide(unsure(denied_before), [found]) == Adopt(found)


def test_a_denial_after_a_post_that_had_no_effect_is_an_older_one() -> None:
    """A 429 says for certain that the POST did nothing."""
    record = postponed(claim(queued()), throttled(), sent=True, alarm=False, moment=Moment(NOW, 1, POLICY)).record
    assert decide(record, [row("Denied", created=NEW_DENIAL)]) == Submit(denied_before=NEW_DENIAL)


@pytest.mark.parametrize(("wanted_", "held"), [(EDUCATION, GOVERNMENT), (GOVERNMENT, EDUCATION)])
@pytest.mark.parametrize("word", ["Approved", "InReview", None, "OnHold"])
def test_education_and_government_exclude_each_other(
    wanted_: Qualification, held: Qualification, word: str | None
) -> None:
    """Refused without a call, with what to do about it."""
    decision = decide(queued(wanted(wanted_)), [row(word, held)])
    assert isinstance(decision, Refuse)
    assert decision.error.code == "qualifications-cannot-be-combined"
    assert held.value in decision.error.description
    assert decision.error.remedy


@pytest.mark.parametrize(("wanted_", "held"), [(EDUCATION, GOVERNMENT), (GOVERNMENT, EDUCATION)])
def test_a_denied_qualification_excludes_nothing(wanted_: Qualification, held: Qualification) -> None:
    """The customer does not have it."""
    assert decide(queued(wanted(wanted_)), [row("Denied", held)]) == Submit()


@pytest.mark.parametrize(
    ("wanted_", "held"),
    [(STATE_OWNED, EDUCATION), (STATE_OWNED, GOVERNMENT), (EDUCATION, STATE_OWNED), (GOVERNMENT, STATE_OWNED)],
)
def test_state_owned_goes_with_either(wanted_: Qualification, held: Qualification) -> None:
    """Microsoft's page lets a customer have both."""
    assert decide(queued(wanted(wanted_)), [row("Approved", held)]) == Submit()


@pytest.mark.parametrize(
    ("spent", "confirmed", "expected"),
    [
        (0, False, Submit()),
        (1, False, Submit()),
        (2, False, Confirm()),
        (0, True, Submit()),
        (1, True, Submit()),
        (2, True, Submit()),
    ],
)
def test_the_last_education_verification_wants_a_confirmation(
    spent: int,
    confirmed: bool,  # noqa: FBT001  a column of the table
    expected: Submit | Confirm,
) -> None:
    """Two go by themselves, the third only where somebody has confirmed it."""
    assert check_budget(queued(wanted(confirmLastAttempt=confirmed)), spent) == expected


@pytest.mark.parametrize("confirmed", [False, True])
@pytest.mark.parametrize("spent", [EDUCATION_BUDGET, EDUCATION_BUDGET + 1])
def test_beyond_the_budget_it_is_refused(spent: int, confirmed: bool) -> None:  # noqa: FBT001  a parameter of the rule
    """Confirming does not help: Microsoft allows three in all."""
    decision = check_budget(queued(wanted(confirmLastAttempt=confirmed)), spent)
    assert isinstance(decision, Refuse)
    assert decision.error.code == "education-budget-spent"
    assert decision.error.remedy


@pytest.mark.parametrize("wanted_", [GOVERNMENT, STATE_OWNED])
def test_only_education_has_a_budget(wanted_: Qualification) -> None:
    """The others may be asked for again and again."""
    assert check_budget(queued(wanted(wanted_)), 99) == Submit()
