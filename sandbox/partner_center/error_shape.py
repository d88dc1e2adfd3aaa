"""The wrappings in which Partner Center, its gateways and ASP.NET have been seen to put a code and words."""

from collections.abc import Mapping
from enum import StrEnum

from pydantic import JsonValue

from sandbox.partner_center.answer import Answer
from sandbox.partner_center.control_model import ControlModel
from sandbox.partner_center.letter_case import LetterCase


class ErrorText(ControlModel):
    """What an error says, however it is wrapped.

    Attributes:
        code: Partner Center's code; text or a number, both were seen for the same one. None where there is none.
        words: The sentence.
        name: `errorName` of the newer services.
        retryable: `isRetryable` of the newer services.
    """

    code: str | int | None = None
    words: str
    name: str = "CustomerServiceFailure"
    retryable: bool = False


class Wrapping(StrEnum):
    """The bodies of an error.

    `documented` is the page "Partner Center REST error codes", `numbered` the same with a number as code, `newer` the
    page "Retrieve validation status", `gateway` the page "API throttling guidance", `problem` RFC 9457, `challenge`
    RFC 6750 section 3 (a header and nothing else); the others were seen in the field or are what ASP.NET writes.
    """

    DOCUMENTED = "documented"
    NUMBERED = "numbered"
    NEWER = "newer"
    NESTED = "nested"
    ASP_NET = "aspNet"
    CODE_DESCRIPTION = "codeDescription"
    ERROR_CODE = "errorCode"
    OAUTH = "oauth"
    LIST = "list"
    PROBLEM = "problem"
    GATEWAY = "gateway"
    BRACKETS = "brackets"
    JSON_STRING = "jsonString"
    CHALLENGE = "challenge"
    EMPTY = "empty"


class ErrorShape(ControlModel):
    """How errors are written.

    Attributes:
        wrapping: The body around code and words; None leaves each error in the one it was seen in.
        letter_case: How the members of the body are spelt.
        bom: Whether a byte order mark comes before the body.
    """

    wrapping: Wrapping | None = None
    letter_case: LetterCase = LetterCase.AS_SHOWN
    bom: bool = False

    def answer(self, status: int, error: ErrorText, headers: Mapping[str, str]) -> Answer:
        """Return an error as it goes over the wire; a wrapping without room for the code leaves it out."""
        wrapping = self.wrapping or Wrapping.DOCUMENTED
        match wrapping:
            case Wrapping.EMPTY:
                return Answer(status, headers=headers)
            case Wrapping.CHALLENGE:
                challenge = f'Bearer error="{error.code}", error_description="{error.words}"'
                return Answer(status, headers={**headers, "WWW-Authenticate": challenge})
            case Wrapping.BRACKETS:
                text = error.words if error.code is None else f"{error.words} ({error.code})"
                return Answer(status, text.encode(), "text/plain", headers).with_bom(on=self.bom)
        body = Answer.of(self.letter_case.spell(_document(wrapping, status, error)), status, headers=headers)
        if wrapping is Wrapping.PROBLEM:
            body = Answer(status, body.body, "application/problem+json", headers)
        return body.with_bom(on=self.bom)


def _document(wrapping: Wrapping, status: int, error: ErrorText) -> JsonValue:
    text = None if error.code is None else str(error.code)
    number: JsonValue = int(text) if text is not None and text.isdigit() else text
    documented: dict[str, JsonValue] = {
        "code": number if wrapping is Wrapping.NUMBERED else error.code,
        "description": error.words,
        "data": [],
        "source": "PartnerFD",
    }
    documents: dict[Wrapping, JsonValue] = {
        Wrapping.NEWER: {
            "code": number,
            "message": error.words,
            "description": error.words,
            "errorName": error.name,
            "isRetryable": error.retryable,
            "errorMessageExtended": f"InternalErrorCode={text}",
        },
        Wrapping.NESTED: {"error": {"code": text, "message": error.words}},
        Wrapping.ASP_NET: {"Message": error.words, "ModelState": {"qualification": [error.words]}},
        Wrapping.CODE_DESCRIPTION: {"Code": text, "Description": error.words},
        Wrapping.ERROR_CODE: {"errorCode": text, "errorMessage": error.words},
        Wrapping.OAUTH: {"error": text, "error_description": error.words},
        Wrapping.LIST: [documented],
        Wrapping.PROBLEM: {"type": "about:blank", "title": error.words, "detail": error.words, "code": text},
        Wrapping.GATEWAY: {"statusCode": status, "message": error.words},
        Wrapping.JSON_STRING: error.words,
    }
    return documents.get(wrapping, documented)
