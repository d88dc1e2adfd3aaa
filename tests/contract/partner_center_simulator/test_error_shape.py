"""Every body in which an error has been seen, in both letter cases, with and without a byte order mark."""

import json
from typing import Any

import httpx
import pytest

from sandbox.partner_center import CustomerScript, ErrorShape, PartnerCenterThread, WireShape
from sandbox.partner_center.error_shape import Wrapping
from sandbox.partner_center.letter_case import LetterCase

BOM = b"\xef\xbb\xbf"
WORDS = "The partner has no commerce relationship with the customer."
DOCUMENTED = {"code": "20002", "description": WORDS, "data": [], "source": "PartnerFD"}
BODIES: dict[Wrapping, Any] = {
    Wrapping.DOCUMENTED: DOCUMENTED,
    Wrapping.NUMBERED: DOCUMENTED | {"code": 20002},
    Wrapping.NEWER: {
        "code": 20002,
        "message": WORDS,
        "description": WORDS,
        "errorName": "CustomerServiceFailure",
        "isRetryable": False,
        "errorMessageExtended": "InternalErrorCode=20002",
    },
    Wrapping.NESTED: {"error": {"code": "20002", "message": WORDS}},
    Wrapping.ASP_NET: {"Message": WORDS, "ModelState": {"qualification": [WORDS]}},
    Wrapping.CODE_DESCRIPTION: {"Code": "20002", "Description": WORDS},
    Wrapping.ERROR_CODE: {"errorCode": "20002", "errorMessage": WORDS},
    Wrapping.OAUTH: {"error": "20002", "error_description": WORDS},
    Wrapping.LIST: [DOCUMENTED],
    Wrapping.PROBLEM: {"type": "about:blank", "title": WORDS, "detail": WORDS, "code": "20002"},
    Wrapping.GATEWAY: {"statusCode": 403, "message": WORDS},
    Wrapping.JSON_STRING: WORDS,
}


def fault(client: httpx.Client, path: str, wire: dict[str, Any], then: object = "noRelationship") -> httpx.Response:
    """Let a look meet an error that is written so."""
    client.post("/_control/faults", json={"operation": "get", "times": 1, "then": then, "wire": wire})
    return client.get(path)


@pytest.mark.parametrize("bom", [False, True])
@pytest.mark.parametrize("wrapping", BODIES)
def test_an_error_is_wrapped_in_every_way_seen(
    app: httpx.Client, qualifications: str, wrapping: Wrapping, *, bom: bool
) -> None:
    """The same code and words each time, as far as there is room for them."""
    answer = fault(app, qualifications, {"wrapping": wrapping, "bom": bom})
    assert answer.status_code == 403
    assert answer.content.startswith(BOM) is bom
    assert json.loads(answer.content.removeprefix(BOM)) == BODIES[wrapping]


def test_an_error_in_plain_text_has_its_code_in_brackets(app: httpx.Client, qualifications: str) -> None:
    """As in "Authentication failed. MFA required. (10001)"."""
    answer = fault(app, qualifications, {"wrapping": "brackets"})
    assert (answer.headers["Content-Type"], answer.text) == ("text/plain", f"{WORDS} (20002)")
    assert fault(app, qualifications, {}, "mfaRequiredText").text == "Authentication failed. MFA required. (10001)"


def test_a_header_may_be_all_there_is(app: httpx.Client, qualifications: str) -> None:
    """RFC 6750; and an error may come with nothing at all."""
    answer = fault(app, qualifications, {"wrapping": "challenge"})
    challenge = f'Bearer error="20002", error_description="{WORDS}"'
    assert (answer.content, answer.headers["WWW-Authenticate"]) == (b"", challenge)
    assert fault(app, qualifications, {"wrapping": "empty"}).content == b""


@pytest.mark.parametrize(
    ("letter_case", "wrapping", "names"),
    [
        (LetterCase.PASCAL, Wrapping.DOCUMENTED, ["Code", "Description", "Data", "Source"]),
        (LetterCase.MIXED, Wrapping.DOCUMENTED, ["code", "Description", "data", "Source"]),
        (LetterCase.CAMEL, Wrapping.ASP_NET, ["message", "modelState"]),
        (LetterCase.CAMEL, Wrapping.CODE_DESCRIPTION, ["code", "description"]),
    ],
)
def test_members_are_spelt_in_either_case(
    app: httpx.Client, qualifications: str, letter_case: LetterCase, wrapping: Wrapping, names: list[str]
) -> None:
    """Whatever the wrapping was seen in."""
    answer = fault(app, qualifications, {"wrapping": wrapping, "letterCase": letter_case})
    assert list(answer.json()) == names


def test_any_code_and_words_can_be_scripted(app: httpx.Client, qualifications: str) -> None:
    """Not only those that have a name here."""
    then = {"status": 417, "error": {"code": "800036", "words": "Precondition failed."}}
    answer = fault(app, qualifications, {"wrapping": "nested"}, then)
    assert (answer.status_code, answer.json()) == (
        417,
        {"error": {"code": "800036", "message": "Precondition failed."}},
    )


def test_a_customers_own_refusals_are_written_in_its_shape(
    user: httpx.Client, qualifications: str, partner_center: PartnerCenterThread
) -> None:
    """What the simulator refuses by a rule, and what a fault without a shape of its own says."""
    errors = ErrorShape(wrapping=Wrapping.ERROR_CODE, letter_case=LetterCase.PASCAL, bom=True)
    partner_center.run(lambda state: state.script(CustomerScript(shape=WireShape(errors=errors))))
    refused = user.post(qualifications, json={"qualification": "Education"})
    assert json.loads(refused.content.removeprefix(BOM))["ErrorCode"] == "3000"
    user.post("/_control/faults", json={"operation": "get", "then": "noRelationship"})
    assert json.loads(user.get(qualifications).content.removeprefix(BOM))["ErrorCode"] == "20002"
