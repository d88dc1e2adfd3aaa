"""Every shape in which Partner Center has been seen to write qualifications leads to the right status."""

from typing import Any

import httpx
import pytest

from sandbox.partner_center import Outcome, Vetting, WireShape
from sandbox.partner_center.letter_case import LetterCase
from sandbox.partner_center.wire_shape import DateField, DateFormat, EmptyShape, ListShape, PostShape, Spelling
from tests.e2e.customer import Customer
from tests.e2e.service import EDUCATION, Service
from tests.e2e.world import World

SHAPES: dict[str, dict[str, Any]] = {
    **{f"rows-{shape}": {"rows": shape} for shape in ListShape},
    **{f"empty-{shape}": {"empty": shape} for shape in EmptyShape},
    **{f"empty-wrapped-{shape}": {"empty": shape, "rows": ListShape.WRAPPED} for shape in EmptyShape},
    **{f"post-{shape}": {"post": shape} for shape in PostShape},
    **{f"letters-{case}": {"letter_case": case} for case in LetterCase},
    "bom": {"bom": True},
    **{f"field-{shape}": {"date_field": shape} for shape in DateField},
    **{f"format-{shape}": {"date_format": shape} for shape in DateFormat},
}


@pytest.fixture(scope="module")
def accepted(world: World, service: Service) -> dict[tuple[str, Outcome], httpx.Response]:
    """A request for each shape and outcome, all under way at the same time."""

    def request(shape: dict[str, Any], outcome: Outcome) -> httpx.Response:
        customer = Customer(world.partner_center)
        customer.behaves(shape=WireShape(**shape), education=Vetting(outcome=outcome))
        return service.request(customer.id, EDUCATION)

    return {
        (name, outcome): request(shape, outcome)
        for name, shape in SHAPES.items()
        for outcome in (Outcome.APPROVED, Outcome.DENIED)
    }


@pytest.mark.parametrize("outcome", [Outcome.APPROVED, Outcome.DENIED])
@pytest.mark.parametrize("name", SHAPES)
def test_a_vetting_is_followed_to_its_end_in_any_shape(
    service: Service, accepted: dict[tuple[str, Outcome], httpx.Response], name: str, outcome: Outcome
) -> None:
    """Lists bare or wrapped, empty ones of all kinds, names in any case, dates under two names, in any format or missing."""
    resource = service.reaches(accepted[name, outcome], outcome.capitalize())
    assert [entry["status"] for entry in resource["history"]][2] == "InReview"
    assert resource["attempts"] == 1


@pytest.mark.parametrize("spelling", Spelling)
def test_the_synchronous_answer_is_read_in_any_spelling(
    service: Service, customer: Customer, spelling: Spelling
) -> None:
    """`education`, `EDUCATION` and `Education` are the same word."""
    customer.behaves(shape=WireShape(spelling=spelling))
    resource = service.reaches(service.request(customer.id, EDUCATION | {"mode": "synchronous"}), "Approved")
    assert resource["attempts"] == 1


@pytest.mark.parametrize("spelling", Spelling)
def test_a_synchronous_government_answer_is_read_in_any_spelling(
    service: Service, customer: Customer, spelling: Spelling
) -> None:
    """`government_community_cloud` too."""
    customer.behaves(shape=WireShape(spelling=spelling))
    content = {"qualification": "GovernmentCommunityCloud", "mode": "synchronous"}
    assert service.reaches(service.request(customer.id, content), "Approved")["attempts"] == 1
