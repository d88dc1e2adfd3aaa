"""The body of a POST, read as strictly as the page "Update a customer's qualifications asynchronously" words it."""

import json
from dataclasses import dataclass

from sandbox.partner_center.api_error import invalid_input, invalid_property, unparsable_enum
from sandbox.partner_center.vocabulary import EducationSegment, Qualification

UNSETTABLE = frozenset({Qualification.NONE, Qualification.NONPROFIT})


@dataclass(slots=True, frozen=True)
class QualificationRequest:
    """What a valid body asks for; `verified` is whether Education uses a verification up, as the asynchronous API does."""

    qualification: Qualification
    code: str | None
    verified: bool = True

    @classmethod
    def read(cls, body: bytes) -> "QualificationRequest":
        """Read a body; unknown fields are passed over, and a null counts as absent.

        Raises:
            ApiError: 400 with 800002 (no object, or a qualification that can not be set), 3000 (a missing or
                wrong property) or 900126 (an unknown word; names are matched to the letter).
        """
        try:
            document = json.loads(body)
        except ValueError as error:
            raise invalid_input("The body is not JSON.") from error
        if not isinstance(document, dict):
            raise invalid_input("The body is not an object.")
        name = _text(document, "qualification")
        if name is None:
            raise invalid_property("The property qualification is required.")
        if name not in set(Qualification):
            raise unparsable_enum("qualification")
        qualification = Qualification(name)
        if qualification in UNSETTABLE:
            raise invalid_input(f"The qualification {name} can not be set.")
        segment = _text(document, "educationSegment")
        if qualification is Qualification.EDUCATION and segment is None:
            raise invalid_property("The property educationSegment is required for Education.")
        if segment is not None and segment not in set(EducationSegment):
            raise unparsable_enum("educationSegment")
        _text(document, "website")
        return cls(qualification, _text(document, "validationCode"))


def _text(document: dict[str, object], name: str) -> str | None:
    value = document.get(name)
    if value is not None and not isinstance(value, str):
        raise invalid_property(f"The property {name} is not a string.")
    return value
