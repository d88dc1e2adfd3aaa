"""How vettings end, and when."""

import httpx
import pytest

from sandbox.partner_center import DENIAL_REASONS, CustomerScript, Outcome, PartnerCenterThread, Qualification, Vetting
from sandbox.partner_center.vetting import Later

EDUCATION = {"qualification": "Education", "educationSegment": "HigherEducation"}


def vetting(client: httpx.Client, path: str) -> tuple[str | None, str | None]:
    """Return status and reason of the customer's only qualification."""
    (row,) = client.get(path).json()
    return row.get("vettingStatus"), row.get("vettingReason")


def test_education_is_approved_after_the_usual_time(
    user: httpx.Client, qualifications: str, partner_center: PartnerCenterThread
) -> None:
    """Two seconds unless set otherwise."""
    user.post(qualifications, json=EDUCATION)
    partner_center.run(lambda state: state.advance(1))
    assert vetting(user, qualifications) == ("InReview", None)
    partner_center.run(lambda state: state.advance(1))
    assert vetting(user, qualifications) == ("Approved", None)


@pytest.mark.parametrize("reason", DENIAL_REASONS)
def test_a_vetting_can_be_denied_with_each_documented_reason(
    user: httpx.Client, qualifications: str, partner_center: PartnerCenterThread, reason: str
) -> None:
    """The reason stands beside the status."""
    denied = CustomerScript(education=Vetting(outcome=Outcome.DENIED, reason=reason, after=60))
    partner_center.run(lambda state: state.script(denied))
    user.post(qualifications, json=EDUCATION)
    partner_center.run(lambda state: state.advance(59))
    assert vetting(user, qualifications) == ("InReview", None)
    partner_center.run(lambda state: state.advance(1))
    assert vetting(user, qualifications) == ("Denied", reason)


@pytest.mark.parametrize(
    ("script", "ends"),
    [
        (Vetting(outcome=Outcome.OTHER_STATUS, status="Escalated", reason="Documents"), ("Escalated", "Documents")),
        (Vetting(outcome=Outcome.NO_STATUS), (None, None)),
        (Vetting(outcome=Outcome.NEVER), ("InReview", None)),
        (Vetting(outcome=Outcome.DENIED), ("Denied", DENIAL_REASONS[0])),
    ],
)
def test_a_vetting_can_end_otherwise(
    user: httpx.Client,
    qualifications: str,
    partner_center: PartnerCenterThread,
    script: Vetting,
    ends: tuple[str | None, str | None],
) -> None:
    """An unknown word, no status at all, or no end."""
    partner_center.run(lambda state: state.script(CustomerScript(education=script)))
    user.post(qualifications, json=EDUCATION)
    assert vetting(user, qualifications) == ("InReview", None)
    partner_center.run(lambda state: state.advance(1800))
    assert vetting(user, qualifications) == ends


def test_an_approval_can_be_withdrawn_later(
    user: httpx.Client, qualifications: str, partner_center: PartnerCenterThread
) -> None:
    """Approved first, and then no longer an education customer."""
    withdrawn = Vetting(outcome=Outcome.WITHDRAWN, after=10, withdrawn_after=100)
    partner_center.run(lambda state: state.script(CustomerScript(education=withdrawn)))
    user.post(qualifications, json=EDUCATION)
    partner_center.run(lambda state: state.advance(109))
    assert vetting(user, qualifications) == ("Approved", None)
    partner_center.run(lambda state: state.advance(1))
    assert vetting(user, qualifications) == ("Denied", "No longer an Education Customer")


def test_a_vetting_of_no_length_answers_its_end(
    user: httpx.Client, qualifications: str, partner_center: PartnerCenterThread
) -> None:
    """`after=0` decides before the POST is answered."""
    partner_center.run(lambda state: state.script(CustomerScript(education=Vetting(after=0))))
    assert user.post(qualifications, json=EDUCATION).json()["vettingStatus"] == "Approved"


def test_gcc_can_be_scripted_to_take_time(
    user: httpx.Client, qualifications: str, partner_center: PartnerCenterThread
) -> None:
    """Each qualification has a vetting of its own."""
    slow = CustomerScript(government_community_cloud=Vetting(after=60))
    partner_center.run(lambda state: state.script(slow))
    body = {"qualification": "GovernmentCommunityCloud", "validationCode": "123456"}
    assert user.post(qualifications, json=body).json()["vettingStatus"] == "InReview"


def test_a_decision_overrules_the_script_from_now_on(
    user: httpx.Client, qualifications: str, customer: str, partner_center: PartnerCenterThread
) -> None:
    """What was decided by hand stays, whatever the script had in mind."""
    user.post(qualifications, json=EDUCATION)
    partner_center.run(lambda state: state.decide(customer, Qualification.EDUCATION, "Denied", "By hand"))
    partner_center.run(lambda state: state.advance(60))
    assert vetting(user, qualifications) == ("Denied", "By hand")


def test_a_decision_can_give_a_customer_what_it_never_asked_for(
    user: httpx.Client, qualifications: str, customer: str, partner_center: PartnerCenterThread
) -> None:
    """Nonprofit comes from elsewhere and can be read here."""
    partner_center.run(lambda state: state.decide(customer, Qualification.NONPROFIT, None))
    assert user.get(qualifications).json() == [{"qualification": "Nonprofit"}]


def test_a_customers_script_keeps_what_it_does_not_mention(
    user: httpx.Client, qualifications: str, customer: str, partner_center: PartnerCenterThread
) -> None:
    """Scripts change the fields they set; a customer starts from the script for everybody."""
    partner_center.run(lambda state: state.script(CustomerScript(education=Vetting(outcome=Outcome.NEVER))))
    partner_center.run(lambda state: state.script(CustomerScript(education_requests=2), customer))
    assert user.post(qualifications, json=EDUCATION).status_code == 201
    partner_center.run(lambda state: state.advance(60))
    assert vetting(user, qualifications) == ("InReview", None)
    partner_center.run(lambda state: state.decide(customer, Qualification.EDUCATION, "Denied"))
    assert user.post(qualifications, json=EDUCATION).status_code == 400


def test_a_new_request_after_a_denial_starts_a_new_vetting(
    user: httpx.Client, qualifications: str, partner_center: PartnerCenterThread
) -> None:
    """Its date tells it from the one before."""
    denied = CustomerScript(education=Vetting(outcome=Outcome.DENIED))
    partner_center.run(lambda state: state.script(denied))
    first = user.post(qualifications, json=EDUCATION).json()
    partner_center.run(lambda state: state.advance(1800))
    partner_center.run(lambda state: state.script(CustomerScript(education=Vetting())))
    second = user.post(qualifications, json=EDUCATION).json()
    assert second["vettingStatus"] == "InReview"
    assert first["vettingCreateDate"] < second["vettingCreateDate"]


@pytest.mark.parametrize(
    ("later", "ends"),
    [
        (Later(after=60, status="Expired"), ("Expired", None)),
        (Later(after=60, status="ActionRequired", reason="Documents"), ("ActionRequired", "Documents")),
        (Later(after=60, status=""), ("", None)),
        (Later(after=60, status=None), (None, None)),
    ],
)
def test_a_word_follows_an_approval(
    user: httpx.Client,
    qualifications: str,
    partner_center: PartnerCenterThread,
    later: Later,
    ends: tuple[str | None, str | None],
) -> None:
    """One that nobody knows, an empty one, or none."""
    partner_center.run(lambda state: state.script(CustomerScript(education=Vetting(after=0, later=(later,)))))
    assert user.post(qualifications, json=EDUCATION).json()["vettingStatus"] == "Approved"
    partner_center.run(lambda state: state.advance(60))
    assert vetting(user, qualifications) == ends


def test_a_denial_becomes_an_approval(
    user: httpx.Client, qualifications: str, customer: str, partner_center: PartnerCenterThread
) -> None:
    """By way of a second look of the reviewers, as after a support ticket."""
    steps = [{"after": 60, "status": "InReview"}, {"after": 60, "status": "Approved"}]
    script = {"education": {"outcome": "denied", "after": 0, "later": steps}}
    user.patch(f"/_control/customers/{customer}", json=script)
    user.post(qualifications, json=EDUCATION)
    seen = []
    for _ in range(3):
        seen.append(vetting(user, qualifications)[0])
        partner_center.run(lambda state: state.advance(60))
    assert seen == ["Denied", "InReview", "Approved"]
