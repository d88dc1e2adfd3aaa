import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualification.domain.addressed_request import parse_addressed
from qualification.domain.errors import Fault, InvalidRequest
from qualification.domain.request import (
    FIELDS,
    NOT_SETTABLE,
    REVEAL_SECRETS,
    EducationRequest,
    EducationSegment,
    GovernmentRequest,
    Mode,
    Qualification,
    StateOwnedEntityRequest,
    parse_request,
)
from tests.unit.builders import CODE, CONTENTS, CUSTOMER, EDUCATION, GOVERNMENT, STATE_OWNED

ABSENT = object()
ONE_WORD = "must be one word of printable ASCII, 100 characters at most"
ALLOWED = {"educationSegment": ("K12", "HigherEducation"), "mode": ("asynchronous", "synchronous")}
SECRET = "s3cr3t value that nobody may repeat"

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(exclude_categories=[])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
field_names = st.sampled_from(
    ["qualification", "educationSegment", "website", "validationCode", "mode", "confirmLastAttempt", "customerTenantId"]
)
plausible = st.sampled_from([*Qualification, *NOT_SETTABLE, *EducationSegment, *Mode, "contoso.edu", str(CUSTOMER)])


def faults(content: dict[str, Any]) -> tuple[Fault, ...]:
    """What is wrong with it."""
    with pytest.raises(InvalidRequest) as refused:
        parse_request(content)
    return refused.value.faults


def test_education() -> None:
    """Asynchronous unless it says otherwise, and its last attempt is not confirmed."""
    request = parse_request({"qualification": "Education", "educationSegment": "HigherEducation"})
    assert isinstance(request, EducationRequest)
    assert request.education_segment is EducationSegment.HIGHER_EDUCATION
    assert (request.mode, request.website, request.confirm_last_attempt) == (Mode.ASYNCHRONOUS, None, False)


def test_government() -> None:
    """With a code of its own, or without: then one of the partner's is taken."""
    request = parse_request(GOVERNMENT | {"mode": "synchronous"})
    assert isinstance(request, GovernmentRequest)
    assert request.mode is Mode.SYNCHRONOUS
    assert request.validation_code
    assert request.validation_code.get_secret_value() == CODE
    without = parse_request({"qualification": "GovernmentCommunityCloud"})
    assert isinstance(without, GovernmentRequest)
    assert without.validation_code is None


def test_state_owned_entity() -> None:
    """It is declared, and that is all."""
    assert isinstance(parse_request(STATE_OWNED), StateOwnedEntityRequest)


@pytest.mark.parametrize(
    ("content", "field", "value", "detail"),
    [
        (EDUCATION, "educationSegment", ABSENT, "is required"),
        (EDUCATION, "educationSegment", "K-12", "must be 'K12' or 'HigherEducation'"),
        (EDUCATION, "website", 7, "must be a valid string"),
        (EDUCATION, "mode", "fast", "must be 'asynchronous' or 'synchronous'"),
        (EDUCATION, "confirmLastAttempt", "yes", "must be a valid boolean"),
        (EDUCATION, "confirmLastAttempt", 1, "must be a valid boolean"),
        (EDUCATION, "validationCode", CODE, "is not a known field"),
        (EDUCATION, "education_segment", "K12", "is not a known field"),
        (EDUCATION, "a/b~c", SECRET, "is not a known field"),
        (EDUCATION, "customerName", 7, "must be a valid string"),
        (GOVERNMENT, "validationCode", "x" * 101, ONE_WORD),
        (GOVERNMENT, "validationCode", "two words", ONE_WORD),
        (GOVERNMENT, "validationCode", "ключ", ONE_WORD),
        (GOVERNMENT, "educationSegment", "K12", "is not a known field"),
        (
            STATE_OWNED,
            "mode",
            "synchronous",
            "must be asynchronous: Partner Center's synchronous call does not know StateOwnedEntity",
        ),
        (STATE_OWNED, "website", "contoso.edu", "is not a known field"),
    ],
)
def test_a_fault_is_named_and_located(content: dict[str, Any], field: str, value: object, detail: str) -> None:
    """By a JSON pointer (RFC 6901), and by what would be right."""
    changed = {**content, field: value}
    found = faults({name: each for name, each in changed.items() if each is not ABSENT})
    pointer = "/" + field.replace("~", "~0").replace("/", "~1")
    assert [(fault.pointer, fault.detail) for fault in found] == [(pointer, detail)]
    assert found[0].allowed == ALLOWED.get(field, ())


def test_a_fault_within_the_reference_is_located_in_it() -> None:
    """Whoever maps the CRM's record sees which part of it is wrong."""
    reference = {"type": "", "id": "x" * 101, "more": 1}
    assert faults(EDUCATION | {"reference": reference}) == (
        Fault("/reference/type", "must have at least 1 character"),
        Fault("/reference/id", "must have at most 100 characters"),
        Fault("/reference/more", "is not a known field"),
    )


@pytest.mark.parametrize(("field", "value", "shown"), [("educationSegment", "K-12", "K-12"), ("mode", True, "true")])
def test_a_refused_value_is_shown_where_it_helps(field: str, value: object, shown: str) -> None:
    """A CRM administrator sees which value came, and which would do."""
    (fault,) = faults(EDUCATION | {field: value})
    assert (fault.value, fault.allowed) == (shown, ALLOWED[field])


def test_a_field_has_its_json_name_only() -> None:
    """A name of Python's would be public API that nobody has promised."""
    assert faults({"qualification": "Education", "education_segment": "K12"}) == (
        Fault("/educationSegment", "is required", allowed=ALLOWED["educationSegment"]),
        Fault("/education_segment", "is not a known field"),
    )


@pytest.mark.parametrize("named", [ABSENT, None, "", "education", "Charity", 1, ["Education"], {}])
def test_the_qualification_selects_the_shape(named: object) -> None:
    """In Partner Center's spelling; without one nothing else can be judged."""
    (fault,) = faults({**EDUCATION, "qualification": named} if named is not ABSENT else {})
    detail = "must be one of Education, GovernmentCommunityCloud, StateOwnedEntity"
    assert (fault.pointer, fault.detail, fault.allowed) == ("/qualification", detail, tuple(Qualification))


@pytest.mark.parametrize("named", NOT_SETTABLE)
def test_what_cannot_be_set_is_refused_with_a_reason(named: str) -> None:
    """Partner Center knows them, but there is no way to ask for them."""
    expected = Fault("/qualification", NOT_SETTABLE[named], value=named, allowed=tuple(Qualification))
    assert faults({"qualification": named}) == (expected,)


def test_all_faults_are_named_at_once() -> None:
    """Nobody should have to send a request five times to learn five faults."""
    found = faults({"qualification": "Education", "website": 7, "mode": "fast", "colour": "red"})
    assert {fault.pointer for fault in found} == {"/educationSegment", "/website", "/mode", "/colour"}


@pytest.mark.parametrize("content", CONTENTS.values(), ids=CONTENTS)
@pytest.mark.parametrize("empty", [None, ""])
def test_an_empty_field_is_a_missing_one(content: dict[str, Any], empty: str | None) -> None:
    """For every field of any request that may be missing, also one that this request does not have."""
    required = {"qualification", "educationSegment"} & content.keys()
    wanted = {name: value for name, value in content.items() if name in required}
    assert parse_request(wanted | dict.fromkeys(FIELDS - required, empty)) == parse_request(wanted)


@pytest.mark.parametrize("empty", [None, ""])
@pytest.mark.parametrize("field", ["qualification", "educationSegment", "customerTenantId"])
def test_an_empty_field_that_is_needed_is_missing(field: str, empty: str | None) -> None:
    """And what is not known is not known, empty or not."""
    content = EDUCATION | {"customerTenantId": str(CUSTOMER), field: empty}
    with pytest.raises(InvalidRequest) as refused:
        parse_addressed(content)
    (fault,) = refused.value.faults
    assert (fault.pointer, "must be one of" in fault.detail) == (f"/{field}", field == "qualification")
    assert [fault.pointer for fault in faults(EDUCATION | {"colour": empty})] == ["/colour"]


def test_faults_of_customer_and_request_are_named_together() -> None:
    """They come in one body."""
    with pytest.raises(InvalidRequest) as refused:
        parse_addressed({"qualification": "Education"})
    assert {fault.pointer for fault in refused.value.faults} == {"/customerTenantId", "/educationSegment"}


@pytest.mark.parametrize("field", ["mode", "educationSegment", "confirmLastAttempt", "qualification", "more"])
@pytest.mark.parametrize("value", [SECRET, [SECRET], {SECRET: SECRET}], ids=["text", "list", "object"])
def test_a_refused_value_is_never_repeated(field: str, value: object) -> None:
    """It may be a secret in the wrong place, and what is answered is also logged."""
    with pytest.raises(InvalidRequest) as refused:
        parse_request(EDUCATION | {field: value})
    assert SECRET not in str(refused.value)


def test_a_validation_code_shows_only_where_it_is_stored() -> None:
    """Not in a representation, a log line or a plain dump."""
    request = parse_request(GOVERNMENT)
    assert CODE not in f"{request!r} {request} {request.model_dump()} {request.model_dump_json()}"
    assert json.loads(request.model_dump_json(by_alias=True, context=REVEAL_SECRETS))["validationCode"] == CODE


@pytest.mark.parametrize("content", CONTENTS.values(), ids=CONTENTS)
def test_a_request_survives_the_store(content: dict[str, Any]) -> None:
    """Secret and all."""
    request = parse_request(content)
    assert parse_request(json.loads(request.model_dump_json(by_alias=True, context=REVEAL_SECRETS))) == request


@given(st.dictionaries(field_names | st.text(st.characters(exclude_categories=[])), plausible | json_values))
def test_any_json_object_is_a_request_or_is_refused(content: dict[str, Any]) -> None:
    """No data that anybody may send raises anything else, and every fault can be written as JSON."""
    found: tuple[Fault, ...] = ()
    try:
        customer_id, request = parse_addressed(content)
    except InvalidRequest as refused:
        found = refused.faults
    else:
        assert (customer_id, request.qualification) == (CUSTOMER, content["qualification"])
        return
    assert found
    assert json.dumps([[fault.pointer, fault.detail] for fault in found])
