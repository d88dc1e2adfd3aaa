"""What only a person can resolve: requests wait and never fail, subscribers hear of it once, and all go on afterwards."""

from collections.abc import Callable

import pytest

from sandbox.partner_center import (
    Operation,
    Outcome,
    PartnerCenter,
    PartnerCenterThread,
    Qualification,
    RefreshFailure,
    ReplyName,
    ValidationCode,
    Vetting,
)
from tests.e2e.customer import Customer
from tests.e2e.eventually import eventually
from tests.e2e.service import EDUCATION, GOVERNMENT, Service
from tests.e2e.subscriber import Received, Subscriber


def alarms(events: Subscriber, partner_center: PartnerCenterThread) -> list[Received]:
    """What was published so far about the partner that needs a person, repeats left out."""
    about = events.received(partner_center.credentials.tenant_id, "attention")
    return list({event.message_id: event for event in about}.values())


def redeemed(partner_center: PartnerCenterThread) -> int:
    """How often a token was asked for."""
    return partner_center.run(lambda state: state.books.count[Operation.TOKEN])


def refresh_token_dies(state: PartnerCenter) -> None:
    """Entra refuses the refresh token from now on, and the access tokens are gone too."""
    state.sign_in.refuse_refresh(RefreshFailure.EXPIRED)
    state.sign_in.tokens.forget_access(without_mfa=False)


def mfa_is_missing(state: PartnerCenter) -> None:
    """The service account's tokens carry no MFA claim from now on."""
    state.settings.user_has_mfa = False
    state.sign_in.tokens.forget_access(without_mfa=False)


def mfa_is_back(service: Service, partner_center: PartnerCenterThread) -> None:
    """The policy of the tenant was mended."""
    del service
    partner_center.run(lambda state: setattr(state.settings, "user_has_mfa", True))


def signed_in_again(service: Service, partner_center: PartnerCenterThread) -> None:
    """A person stores a new refresh token, all at once as the sign-in command does."""
    draft = service.folder / "draft"
    draft.write_text(partner_center.run(lambda state: state.sign_in.new_refresh_token()))
    draft.replace(service.folder / "refresh-token")


@pytest.mark.parametrize(
    ("breaks", "mends", "code"),
    [
        pytest.param(refresh_token_dies, signed_in_again, "AADSTS700082", id="refresh token expired"),
        pytest.param(mfa_is_missing, mfa_is_back, "900421", id="MFA claim missing"),
    ],
)
def test_requests_wait_while_nobody_can_sign_in(
    partner: Service,
    partner_center: PartnerCenterThread,
    events: Subscriber,
    breaks: Callable[[PartnerCenter], None],
    mends: Callable[[Service, PartnerCenterThread], None],
    code: str,
) -> None:
    """One alarm for all of them; reviews go on meanwhile, because reading needs no user."""
    reviewed = Customer(partner_center).behaves(education=Vetting(outcome=Outcome.NEVER))
    in_review = partner.request(reviewed.id, EDUCATION)
    partner.reaches(in_review, "InReview")
    before = alarms(events, partner_center)
    partner_center.run(breaks)
    customers = [Customer(partner_center) for _ in range(4)]
    waiting = [partner.request(customer.id, EDUCATION) for customer in customers]
    for accepted in waiting:
        resource = partner.until(accepted, lambda resource: resource["error"] is not None)
        assert resource["error"]["code"] == code
        assert resource["status"] == "Queued"
        assert "sign-in" in resource["remedy"]
        assert partner.waits(accepted, "access-lost")["waitingFor"]["kind"] == "cause"
    reviewed.is_decided(Qualification.EDUCATION, "Approved")
    partner.reaches(in_review, "Approved")
    tried = sum(customer.posts for customer in customers), redeemed(partner_center)
    # Its next probe: whoever makes it, it meets the same cause, and nobody is alerted once more.
    eventually(lambda: (sum(customer.posts for customer in customers), redeemed(partner_center)) != tried)
    (alarm,) = eventually(lambda: alarms(events, partner_center)[len(before) :])
    assert alarm.data["reason"] == "access-lost"
    assert "sign-in" in alarm.data["remedy"]
    mends(partner, partner_center)
    for customer, accepted in zip(customers, waiting, strict=True):
        resource = partner.reaches(accepted, "Approved")
        assert resource["error"] is resource["remedy"] is resource["waitingFor"] is None
        assert customer.effective_posts == 1
        events.hears(customer.id, "InReview", "Approved")
    assert alarms(events, partner_center) == [*before, alarm]


def test_the_same_trouble_is_news_again_once_it_was_mended(
    partner: Service, partner_center: PartnerCenterThread, events: Subscriber
) -> None:
    """The next time there is another alarm."""
    for _ in range(2):
        before = len(alarms(events, partner_center))
        partner_center.run(refresh_token_dies)
        accepted = partner.request(Customer(partner_center).id, EDUCATION)
        (alarm,) = eventually(lambda count=before: alarms(events, partner_center)[count:])  # type: ignore[misc]  # a default binds it
        assert alarm.data["reason"] == "access-lost"
        signed_in_again(partner, partner_center)
        partner.reaches(accepted, "Approved")


def test_a_customer_without_the_right_roles_concerns_nobody_else(
    partner: Service, partner_center: PartnerCenterThread, events: Subscriber
) -> None:
    """900308: its own alarm, its own wait, as of any customer that is out of reach; the others pass it."""
    barred, other = Customer(partner_center), Customer(partner_center)
    number = barred.suffers(Operation.POST, then=ReplyName.INSUFFICIENT_PRIVILEGES)
    accepted = partner.request(barred.id, EDUCATION)
    assert "GDAP" in partner.waits(accepted, "customer-unreachable")["waitingFor"]["remedy"]
    partner.reaches(partner.request(other.id, EDUCATION), "Approved")
    events.hears(barred.id, "customer-unreachable")
    events.hears(other.id, "InReview", "Approved")
    barred.recovers(number)
    partner.reaches(accepted, "Approved")
    events.hears(barred.id, "customer-unreachable", "InReview", "Approved")


def test_requests_wait_while_no_validation_code_has_creates_left(
    partner: Service, partner_center: PartnerCenterThread, events: Subscriber
) -> None:
    """Each says so once, none is written; they go on when there are codes again."""
    good = partner_center.run(lambda state: list(state.customers.codes))
    spent = ValidationCode(validation_id="GCC-spent-0123456789", max_creates=1, remaining_creates=0)
    partner_center.run(lambda state: state.set_codes([spent]))
    customers = [Customer(partner_center) for _ in range(3)]
    waiting = [partner.request(customer.id, GOVERNMENT) for customer in customers]
    for customer, accepted in zip(customers, waiting, strict=True):
        assert partner.waits(accepted, "validation-codes-exhausted")["status"] == "Queued"
        events.hears(customer.id, "validation-codes-exhausted")
    partner_center.run(lambda state: state.set_codes([spent, *good]))
    for customer, accepted in zip(customers, waiting, strict=True):
        partner.reaches(accepted, "Approved")
        events.hears(customer.id, "validation-codes-exhausted", "Approved")
    assert [customer.posts for customer in customers] == [1, 1, 1]


def test_an_access_token_that_ends_is_replaced_without_a_trace(
    partner: Service, partner_center: PartnerCenterThread
) -> None:
    """Short-lived ones are renewed in time; one that is refused before its time is renewed once, unseen."""
    partner_center.run(lambda state: setattr(state.settings, "access_token_seconds", 2))
    partner_center.run(lambda state: state.sign_in.tokens.forget_access(without_mfa=False))
    tokens = partner_center.run(lambda state: state.books.count[Operation.TOKEN])
    for _ in range(3):
        customer = Customer(partner_center)
        resource = partner.reaches(partner.request(customer.id, EDUCATION), "Approved")
        assert resource["attempts"] == 1
        partner_center.run(lambda state: state.sign_in.tokens.forget_access(without_mfa=False))
    partner_center.run(lambda state: setattr(state.settings, "access_token_seconds", 3600))
    eventually(lambda: partner_center.run(lambda state: state.books.count[Operation.TOKEN]) >= tokens + 4)


def test_each_redeemed_refresh_token_is_replaced_by_the_newer_one(
    partner: Service, partner_center: PartnerCenterThread
) -> None:
    """What is stored afterwards is the token of the last answer."""
    file = partner.folder / "refresh-token"
    before = file.read_text()
    partner_center.run(lambda state: state.sign_in.tokens.forget_access(without_mfa=False))
    partner.reaches(partner.request(Customer(partner_center).id, EDUCATION), "Approved")
    assert file.read_text() not in {"", before}
    assert file.stat().st_mode & 0o777 == 0o600
