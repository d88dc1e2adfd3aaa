"""What a request asks for once a person has corrected it. Pure."""

from collections.abc import Mapping
from typing import Any

from qualification.domain.errors import Fault, InvalidRequest
from qualification.domain.record import Record
from qualification.domain.request import (
    REVEAL_SECRETS,
    EducationRequest,
    GovernmentRequest,
    QualificationRequest,
    is_missing,
    left_out,
    parse_request,
)

NOTE = "note"
LONGEST_NOTE = 500
"""Of a note, in characters."""


def parse_note(body: Mapping[str, Any]) -> str | None:
    """Why a person decides so, in their words; None where they say nothing.

    Raises:
        InvalidRequest: it is no text of one line, or too long.
    """
    note = body.get(NOTE)
    if note is None:
        return None
    if not isinstance(note, str) or not note.isprintable() or len(note) > LONGEST_NOTE:
        raise InvalidRequest([Fault(f"/{NOTE}", f"must be one line of text, {LONGEST_NOTE} characters at most")])
    return note.strip() or None


def amended(request: QualificationRequest, body: Mapping[str, Any]) -> QualificationRequest:
    """The request with the fields that a person corrects; null and "" are as good as missing.

    Raises:
        InvalidRequest: with every fault and where it is.
    """
    before = request.model_dump(by_alias=True, context=REVEAL_SECRETS)
    fields = {
        name: value for name, value in body.items() if not (name == NOTE or (is_missing(value) and name in before))
    }
    if fields.get("qualification", request.qualification) != request.qualification:
        words = f"must be {request.qualification} or be left out: another qualification is another request"
        raise InvalidRequest([Fault("/qualification", words)])
    if left_out(before | fields):
        # What a person confirms is what is sent, so nothing of it is left out.
        raise InvalidRequest([Fault("/website", "must be a host name or an http(s) URL, such as contoso.edu")])
    return parse_request(before | fields)


def asked_again(record: Record, body: Mapping[str, Any]) -> QualificationRequest:
    """What a request that has ended asks for when it is retried: its newest content, corrected.

    The last verification is confirmed anew, and a validation code is not kept beyond the end.

    Raises:
        InvalidRequest: with every fault and where it is.
    """
    newest = record.correction or record
    request = newest.request
    if isinstance(request, EducationRequest):
        request = request.model_copy(update={"confirm_last_attempt": False})
    request = amended(request, body)
    if isinstance(request, GovernmentRequest) and newest.code_given and request.validation_code is None:
        words = "is required: the code that this request named was not kept when it ended, give it again"
        raise InvalidRequest([Fault("/validationCode", words)])
    return request
