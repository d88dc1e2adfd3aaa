"""A body that two readers may read differently, or that is made to hurt, is refused and never a failure."""

import json

import azure.functions as func
import pytest

from tests.security.app import App

REFUSED = {
    "a name twice": b'{"qualification": "Education", "qualification": "StateOwnedEntity"}',
    "a name twice, spelled in two ways": rb'{"qualification": "Education", "\u0071ualification": "StateOwnedEntity"}',
    "a name twice, further in": b'{"qualification": "StateOwnedEntity", "x": [{"a": 1, "a": 2}]}',
    "half a character": rb'{"qualification": "\ud800"}',
    "half a character as a name": rb'{"qualification": "StateOwnedEntity", "\udfff": 1}',
    "the halves in the wrong order": rb'{"qualification": "\udc00\ud800"}',
    "a number without end": b'{"qualification": ' + b"9" * 5000 + b"}",
    "not a number": b'{"qualification": NaN}',
    "infinity by name": b'{"qualification": -Infinity}',
    "depth": b'{"qualification": ' + b"[" * 90_000 + b"]" * 90_000 + b"}",
    "depth of objects": b'{"a":' * 40_000 + b"1" + b"}" * 40_000,
}
INVALID = {
    "NUL": rb'{"qualification": "StateOwnedEntity\u0000"}',
    "a big number": b'{"qualification": ' + b"9" * 4000 + b"}",
    "infinity": b'{"qualification": 1e999}',
    "an object": b'{"qualification": {"a": 1}}',
    "an emoji": rb'{"qualification": "\ud83d\ude00"}',
    "many names": json.dumps({str(number): 0 for number in range(20_000)}).encode(),
}


def slug(answer: func.HttpResponse) -> str:
    """The problem's type."""
    problem: dict[str, str] = json.loads(answer.get_body())
    return problem["type"].rpartition("#")[2]


@pytest.mark.parametrize("name", REFUSED)
def test_what_can_be_read_in_two_ways_is_not_read(app: App, customer_id: str, name: str) -> None:
    """400: nobody guesses which of the two was meant."""
    answer = app.ask(customer_id, REFUSED[name])
    assert (answer.status_code, slug(answer)) == (400, "unreadable-body")


@pytest.mark.parametrize("name", INVALID)
def test_a_hostile_value_is_an_invalid_request(app: App, customer_id: str, name: str) -> None:
    """422 with its place."""
    answer = app.ask(customer_id, INVALID[name])
    assert (answer.status_code, slug(answer)) == (422, "invalid-request")


def test_whole_characters_beyond_the_basic_plane_are_read(app: App, customer_id: str) -> None:
    """Two halves in the right order are one character, escaped or not."""
    body = rb'{"qualification": "Education", "educationSegment": "K12", "website": "a.bc/?\ud83d\ude00"}'
    assert app.ask(customer_id, body).status_code == 202


def test_a_body_over_the_limit_is_not_parsed(app: App, customer_id: str) -> None:
    """413 although the first byte is wrong already; the CRMs' larger limit is a limit, too."""
    assert app.ask(customer_id, b"x" * (256 * 1024 + 1)).status_code == 413
    assert app.webhook("standard", b"x" * (256 * 1024 + 1), {}).status_code == 413
    assert app.webhook("dataverse", b"x" * (1024 * 1024 + 1), {}).status_code == 413
