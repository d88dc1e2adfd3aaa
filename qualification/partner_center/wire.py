"""Bodies of the qualification API, as sent and as read.

Microsoft's pages "Update a customer's qualifications asynchronously", "Get a customer's qualification asynchronously"
and "Get a partner's validation codes" show them; older versions of the pages and the SDKs show more shapes, and all
are read, names without regard to case. Words are kept as they came, except that a known qualification gets its usual spelling, and that no word is
longer than LONGEST_TEXT: a record must fit into a row of Azure Table Storage whatever Partner Center says.
"""

import logging

from pydantic import JsonValue, ValidationError
from pydantic_core import to_json

from qualification.domain.look import CustomerQualification
from qualification.domain.request import EducationRequest, GovernmentRequest, Qualification, QualificationRequest
from qualification.partner_center.answer import BYTE_ORDER_MARK, json_value
from qualification.partner_center.error_body import LONGEST_TEXT, folded
from qualification.partner_center.validation import ValidationCode

logger = logging.getLogger(__name__)

NUMBERS = {"None": 0, "Education": 1, "Nonprofit": 2, "GovernmentCommunityCloud": 3, "StateOwnedEntity": 4}
"""The integers of Microsoft's CustomerQualification enumeration, which the synchronous PUT takes as its body."""

WRAPPINGS = ("qualifications", "items", "value")
"""The members that a list has been seen in, of this or of other resources of Partner Center."""

_SPELLINGS = {name.lower(): name for name in NUMBERS}
_NAMES = {number: name for name, number in NUMBERS.items()}


def create_body(request: QualificationRequest) -> bytes:
    """The body of a POST; what is not given is left out, never null."""
    content: dict[str, str] = {"qualification": request.qualification}
    if isinstance(request, EducationRequest):
        content["educationSegment"] = request.education_segment
        if request.website:
            content["website"] = request.website
    if isinstance(request, GovernmentRequest) and request.validation_code:
        content["validationCode"] = request.validation_code.get_secret_value()
    return to_json(content)


def update_body(request: QualificationRequest) -> bytes:
    """The body of the synchronous PUT: the qualification's integer."""
    return to_json(NUMBERS[request.qualification])


def read_qualifications(body: bytes) -> list[CustomerQualification]:
    """All qualifications in the answer to a GET: an array, a wrapped one, one object, null, or nothing at all.

    A row that cannot be read is passed over, so that it does not hide the others.

    Raises:
        ValueError: none of that, or not one row of several could be read.
    """
    rows = _rows(json_value(body)) if body.removeprefix(BYTE_ORDER_MARK).strip() else []
    qualifications = [row for row in map(_qualification, rows) if row is not None]
    if len(qualifications) < len(rows):
        logger.warning("passed over %d qualification row(s) that could not be read", len(rows) - len(qualifications))
    if rows and not qualifications:
        raise ValueError("no qualification row could be read")
    return [row for row in qualifications if row.qualification != "None"]


def read_created(body: bytes, qualification: Qualification) -> CustomerQualification:
    """The row of `qualification` in the answer to a POST: one object, or a list as a GET has it.

    Raises:
        ValueError: there is no such row.
    """
    return _only(read_qualifications(body), qualification)


def read_updated(body: bytes, qualification: Qualification) -> CustomerQualification:
    """The row of `qualification` in the answer to the synchronous PUT: a JSON string in any spelling, or what a GET has.

    The string is the grant itself: nothing was vetted then, and there was no status.

    Raises:
        ValueError: there is no such row.
    """
    value = json_value(body)
    return _only([_scalar(value)] if isinstance(value, str | int) else read_qualifications(body), qualification)


def read_validation_codes(body: bytes) -> list[ValidationCode]:
    """The partner's validation codes; a row that cannot be read is passed over.

    Raises:
        ValueError: not a list or null, or not one row of several could be read.
    """
    rows = _list(json_value(body))
    codes = [code for code in map(_validation_code, rows) if code]
    if len(codes) < len(rows):
        logger.warning("passed over %d validation code(s) that could not be read", len(rows) - len(codes))
    if rows and not codes:
        raise ValueError("no validation code could be read")
    return codes


def _list(value: JsonValue) -> list[JsonValue]:
    match value:
        case None:
            return []
        case list():
            return value
        case dict():
            members = folded(value)
            found = next((members[name] for name in WRAPPINGS if name in members), "")
            return _list(found)
        case _:
            raise ValueError("neither a list nor null")


def _rows(value: JsonValue) -> list[JsonValue]:
    return [value] if isinstance(value, dict) and "qualification" in folded(value) else _list(value)


def _qualification(row: JsonValue) -> CustomerQualification | None:
    members = folded(row) if isinstance(row, dict) else {}
    name = members.get("qualification", False)
    if isinstance(name, bool) or not isinstance(name, str | int | None):
        return None
    return CustomerQualification(
        qualification=_spelling(name),
        vetting_status=_text(members.get("vettingstatus")),
        vetting_reason=_text(members.get("vettingreason")),
        vetting_created=_text(members.get("vettingcreatedate") or members.get("vettingcreateddate")),
    )


def _scalar(value: str | int) -> CustomerQualification:
    name = _spelling(value)
    if name not in NUMBERS or isinstance(value, bool):
        raise ValueError("not a known qualification")
    return CustomerQualification(qualification=name, vetting_status="Approved")


def _only(rows: list[CustomerQualification], qualification: Qualification) -> CustomerQualification:
    for row in rows:
        if row.qualification == qualification:
            return row
    raise ValueError("the qualification asked for is not in the answer")


def _spelling(name: str | int | None) -> str:
    match name:
        case None:
            return "None"
        case int():
            return _NAMES.get(name, str(name)[:LONGEST_TEXT])
        case _:
            return _SPELLINGS.get(name.replace("_", "").lower(), name[:LONGEST_TEXT])


def _text(value: JsonValue) -> str | None:
    if value is None:
        return None
    return (value if isinstance(value, str) else to_json(value).decode())[:LONGEST_TEXT]


def _validation_code(row: JsonValue) -> ValidationCode | None:
    try:
        return ValidationCode.model_validate(folded(row) if isinstance(row, dict) else row)
    except ValidationError:
        return None
