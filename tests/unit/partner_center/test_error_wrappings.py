"""The same words lead to the same reaction and the same remedy, however they are wrapped."""

from itertools import product
from uuid import UUID

import pytest

from qualification.domain.call_errors import PartnerCenterError, PersonNeeded
from qualification.partner_center.answer import Answer
from qualification.partner_center.error_codes import DOCUMENTED, SENTENCES
from qualification.partner_center.failures import Asked, failure
from sandbox.partner_center.error_shape import ErrorShape, ErrorText, Wrapping
from sandbox.partner_center.letter_case import LetterCase
from tests.unit.builders import NOW

CORRELATION_ID = UUID("11111111-2222-4333-8444-555555555555")

SAID = {
    "1000": (404, "Not found"),
    "1002": (403, "Authorization Failed"),
    "2032": (403, "Access denied"),
    "3000": (400, "Invalid property"),
    "10001": (401, "Authentication failed. MFA required."),
    "20002": (403, "The partner ID 7 has no commerce relationship with the customer ID 8."),
    "60003": (404, "Tenant not found"),
    "600074": (404, "Account status not found"),
    "800001": (401, "Partner Token missing in request context"),
    "800002": (400, "Invalid request input"),
    "800014": (409, "There's a pending adjustment requested for this order"),
    "800036": (417, "Pre-condition failed"),
    "800039": (403, "Reseller program status isn't active"),
    "800060": (409, "Your order is in progress. Check your order history for recent orders in few minutes"),
    "800064": (409, "Cart 7 is being processed by another request"),
    "800073": (403, "Your customer account is currently under review. Check back in few days."),
    "800074": (403, "Your customer account is currently under review. Check back in few days."),
    "800075": (403, "Your Customer account wasn't approved. Transactions for this customer aren't allowed."),
    "800086": (400, "Customer tenant doesn't have required tags for the offer"),
    "900118": (400, "Invalid Customer ID"),
    "900126": (400, "Unable to parse enum: x For more information, please visit y"),
    "900127": (400, "This operation isn't supported in this environment"),
    "900141": (400, "This operation isn't supported"),
    "900149": (403, "Reseller program status isn't active."),
    "900150": (403, "The supplied role doesn't have the rights to perform the requested operation"),
    "900308": (403, "Insufficient privileges to complete the operation."),
    "900309": (403, "Access has been blocked by Conditional Access policies."),
    "900329": (403, "This resource does not support application-only authentication."),
    "900416": (403, "The account is locked for transactions."),
    "900420": (401, "The audience of the token is no longer accepted."),
    "900421": (401, "The token has no valid MFA claim."),
    "customer-tagging-denied": (400, "Customer tagging denied."),
}
"""Each documented code with its status and Microsoft's words; those of 9004xx and 600074 are not documented."""

NOBODYS_OWN = {"1000", "2032", "600074", "800036", "900416", "900420", "900421"}
"""Their words do not tell the code, so a wrapping without room for it loses what it says."""

WITHOUT_CODE = {Wrapping.ASP_NET, Wrapping.GATEWAY, Wrapping.JSON_STRING}
WRAPPINGS = [wrapping for wrapping in Wrapping if wrapping is not Wrapping.EMPTY]
ALL = [(code, wrapping) for code in SAID for wrapping in WRAPPINGS]


def decoded(code: str, shape: ErrorShape) -> PartnerCenterError:
    """The error of a write that is answered so."""
    status, words = SAID[code]
    text = ErrorText(code=code if code.isdigit() else None, words=words)
    answer = shape.answer(status, text, {})
    headers = {name.lower(): value for name, value in answer.headers.items()}
    return failure(Answer(status, headers, answer.body), Asked(writes=True, correlation_id=CORRELATION_ID), at=NOW)


def reaction(error: PartnerCenterError) -> tuple[object, ...]:
    """What the service does about it, and what it asks a person to do."""
    return type(error), error.remedy, isinstance(error, PersonNeeded) and error.partner_wide


def test_every_documented_code_and_sentence_is_tried() -> None:
    """One that is added without words here is noticed."""
    assert SAID.keys() == DOCUMENTED
    assert set(SENTENCES.values()) | NOBODYS_OWN | {"800039", "800074"} >= DOCUMENTED


@pytest.mark.parametrize(("code", "wrapping"), ALL)
def test_the_wrapping_changes_nothing(code: str, wrapping: Wrapping) -> None:
    """Code, words, reaction and remedy are those of the documented shape, in every letter case, with and without BOM."""
    shown = decoded(code, ErrorShape())
    for letter_case, bom in product(LetterCase, (False, True)):
        error = decoded(code, ErrorShape(wrapping=wrapping, letter_case=letter_case, bom=bom))
        assert SAID[code][1] in error.description
        if wrapping in WITHOUT_CODE and code in NOBODYS_OWN:
            continue
        assert reaction(error) == reaction(shown)
        if wrapping not in WITHOUT_CODE and code.isdigit():
            assert error.code == code
