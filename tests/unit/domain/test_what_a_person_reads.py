"""What a person reads where a request waits, or is refused without a call: word for word, each in the golden file."""

from collections.abc import Callable
from uuid import UUID

import pytest

from qualification.domain.call_errors import Refused
from qualification.domain.customer import Certainty, Customer, Verification
from qualification.domain.decision import Refuse, Wait, above_limit, decide
from qualification.domain.look import CustomerQualification, Look
from qualification.domain.record import Record
from qualification.domain.request import Qualification
from qualification.domain.status import Status
from qualification.domain.unclear import noted
from qualification.domain.waiting import Reason
from tests.unit.builders import CUSTOMER, NOW, POLICY, in_review, queued, row, submitting, wanted
from tests.unit.golden_file import golden

GOVERNMENT = Qualification.GOVERNMENT_COMMUNITY_CLOUD
OTHER = UUID(int=7)
OF_TWO = (
    Verification(certainty=Certainty.CERTAIN, request_id=OTHER),
    Verification(certainty=Certainty.IN_DOUBT, request_id=OTHER, write=1),
)
OF_THREE = tuple(Verification(certainty=Certainty.CERTAIN, request_id=OTHER, write=number) for number in range(3))

CASES: dict[str, Callable[[], object]] = {
    "records that cannot be read": lambda: on(unreadable=2),
    "an earlier write in doubt, given up": lambda: on(
        others=(submitting(request_id=OTHER, status=Status.FAILED, out=True),)
    ),
    "less shown than recorded": lambda: on(queued(wanted(GOVERNMENT)), others=(in_review(request_id=OTHER),)),
    "a word that nobody knows": lambda: on(rows=(row("OnHold"),)),
    "the other is approved": lambda: on(rows=(row("Approved", GOVERNMENT),)),
    "the other is approved, and a write is out": lambda: on(
        submitting(confirmed=frozenset({Reason.OUTCOME_UNKNOWN})), rows=(row("Approved", GOVERNMENT),)
    ),
    "the other is in review": lambda: on(rows=(row("InReview", GOVERNMENT),)),
    "the last verification": lambda: on(verifications=OF_TWO),
    "no verification is left": lambda: on(verifications=OF_THREE),
    "one too many of its day": lambda: above_limit("dataverse", 200),
    "a person decides first": lambda: on(confirm_first=frozenset({Qualification.EDUCATION})),
}


def on(
    record: Record | None = None,
    *,
    rows: tuple[CustomerQualification, ...] = (),
    others: tuple[Record, ...] = (),
    verifications: tuple[Verification, ...] = (),
    unreadable: int = 0,
    confirm_first: frozenset[Qualification] = frozenset(),
) -> object:
    """What is decided on a read that shows these rows."""
    look = Look(rows, NOW)
    customer = Customer(customer_tenant_id=CUSTOMER, verifications=verifications).after(look)
    return decide(
        record or queued(),
        others,
        noted(customer, others, look),
        look,
        policy=POLICY,
        unreadable=unreadable,
        confirm_first=confirm_first,
    )


def words(decision: object) -> dict[str, str | None]:
    """What it says."""
    match decision:
        case Wait():
            return {"waits for": decision.reason, "detail": decision.detail, "remedy": decision.remedy}
        case Refuse(error=Refused() as error):
            return {"failed": error.code, "detail": error.description, "remedy": error.remedy}
        case _:
            raise AssertionError(f"nothing to read in {decision}")


@pytest.mark.parametrize("name", CASES)
def test_where_a_request_waits_or_fails_without_a_call(name: str) -> None:
    """What has happened, to whom, and what can be done."""
    assert words(CASES[name]()) == golden("decisions.json")[name]


def test_each_golden_decision_has_its_case() -> None:
    """None is left over."""
    assert set(golden("decisions.json")) == set(CASES)
