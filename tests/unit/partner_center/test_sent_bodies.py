"""The bodies that Partner Center is sent."""

import json

import pytest
from pydantic import JsonValue

from qualification.domain.request import parse_request
from qualification.partner_center import wire

EDUCATION = {"qualification": "Education", "educationSegment": "K12"}


@pytest.mark.parametrize(
    ("request_", "body"),
    [
        (EDUCATION, {"qualification": "Education", "educationSegment": "K12"}),
        (
            {**EDUCATION, "educationSegment": "HigherEducation", "website": "contoso.edu", "confirmLastAttempt": True},
            {"qualification": "Education", "educationSegment": "HigherEducation", "website": "contoso.edu"},
        ),
        (
            {"qualification": "GovernmentCommunityCloud", "validationCode": "123456"},
            {"qualification": "GovernmentCommunityCloud", "validationCode": "123456"},
        ),
        ({"qualification": "GovernmentCommunityCloud"}, {"qualification": "GovernmentCommunityCloud"}),
        ({"qualification": "StateOwnedEntity"}, {"qualification": "StateOwnedEntity"}),
    ],
)
def test_a_post_says_what_microsofts_page_says(request_: dict[str, JsonValue], body: dict[str, JsonValue]) -> None:
    """Our own fields stay here, and what is not given is left out instead of null."""
    assert json.loads(wire.create_body(parse_request(request_))) == body


@pytest.mark.parametrize(
    ("qualification", "body"), [(EDUCATION, b"1"), ({"qualification": "GovernmentCommunityCloud"}, b"3")]
)
def test_a_put_says_the_integer_of_the_enumeration(qualification: dict[str, JsonValue], body: bytes) -> None:
    """As its page documents it."""
    assert wire.update_body(parse_request(qualification)) == body
