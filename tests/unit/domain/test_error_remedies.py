"""What a person is told to do about an error of Partner Center or of the sign-in."""

import pytest

from qualification.domain import error_remedies
from qualification.domain.call_errors import (
    AccessLost,
    CustomerUnreachable,
    Elsewhere,
    InTheWay,
    OutcomeUnknown,
    PartnerCenterError,
    Refused,
    Unavailable,
    UnderReview,
)
from qualification.domain.error_remedies import BY_CODE, error_remedy, sign_in_remedy
from qualification.domain.remedies import LOOK, SIGN_IN, WAIT


@pytest.mark.parametrize(
    ("codes", "remedy"),
    [
        (
            ["53000", "53003", "530001", "530034", "530503", "50005", "50097", "50131"],
            error_remedies.CONDITIONAL_ACCESS,
        ),
        (["50057", "50034", "50053"], error_remedies.ACCOUNT),
        (["7000112", "500014"], error_remedies.APPLICATION),
        (["65001", "90094", "650052", "650057", "90099", "500011"], error_remedies.CONSENT),
        (["7000215", "7000222"], error_remedies.CLIENT_SECRET),
        (["700024", "70021", "700211", "700213", "700226", "700238"], error_remedies.FEDERATION),
        (["50076", "50078", "50079", "50173", "70008", "70043", "700082", "700084", "70000"], SIGN_IN),
        (["700016"], error_remedies.CLIENT_ID),
        (["90002"], error_remedies.LOGIN_URL),
    ],
)
@pytest.mark.parametrize("word", ["invalid_grant", "invalid_client", "unauthorized_client", ""])
def test_a_code_of_entra_leads_to_its_familys_remedy(codes: list[str], remedy: str, word: str) -> None:
    """Whatever the OAuth word beside it says."""
    assert {sign_in_remedy(f"AADSTS{code}", word) for code in codes} == {remedy}


@pytest.mark.parametrize("code", ["700210", "700239", "7002111", "5300", "999"])
@pytest.mark.parametrize("word", ["invalid_grant", "invalid_client"])
def test_a_code_that_nobody_knows_is_to_be_looked_up(code: str, word: str) -> None:
    """A guess by the OAuth word would send the reader the wrong way."""
    told = sign_in_remedy(f"AADSTS{code}", word)
    assert told == f"Read the description; look the code up at login.microsoftonline.com/error?code={code}."


def test_without_a_code_only_a_plain_word_tells_what_to_do() -> None:
    """And an answer without OAuth's words is not Entra's."""
    assert sign_in_remedy("interaction_required", "interaction_required") == SIGN_IN
    assert sign_in_remedy("invalid_grant", "invalid_grant") == error_remedies.READ
    assert sign_in_remedy("http-404", "") == error_remedies.LOGIN_URL


@pytest.mark.parametrize("code", BY_CODE)
def test_a_known_code_has_its_remedy_and_an_answer_that_passes_needs_none(code: str) -> None:
    """Nobody is told to correct a request that may have been taken."""
    assert error_remedy(Refused, 400, code) == BY_CODE[code]
    assert error_remedy(OutcomeUnknown, 500, code) == LOOK
    assert error_remedy(Unavailable, 503, code) == WAIT


@pytest.mark.parametrize(
    ("kind", "status", "remedy"),
    [
        (Refused, 400, error_remedies.CORRECT),
        (AccessLost, 401, error_remedies.APP_ACCESS),
        (Elsewhere, 404, error_remedies.CHECK_URL),
        (InTheWay, 409, LOOK),
        (UnderReview, 403, WAIT),
        (OutcomeUnknown, 302, error_remedies.CHECK_URL),
        (Unavailable, 302, error_remedies.CHECK_URL),
    ],
)
def test_an_unknown_code_has_the_remedy_of_its_kind(kind: type[PartnerCenterError], status: int, remedy: str) -> None:
    """There is always one."""
    assert error_remedy(kind, status, "") == remedy


@pytest.mark.parametrize("code", ["20002", "60003", "900118", "900308"])
def test_a_customer_that_is_out_of_reach_goes_on_by_itself(code: str) -> None:
    """A new request would be refused: the one that waits is unfinished."""
    told = error_remedy(CustomerUnreachable, 403, code)
    assert "by itself" in told
    assert "new request" not in told


def test_an_answer_that_is_no_error_comes_from_somewhere_else() -> None:
    """A redirect or a page: the address is wrong; a 400 that says nothing is Partner Center's own."""
    assert error_remedy(OutcomeUnknown, 302, "") == error_remedies.CHECK_URL
    assert error_remedy(OutcomeUnknown, 400, "") == error_remedy(OutcomeUnknown, 504, "") != error_remedies.CHECK_URL
