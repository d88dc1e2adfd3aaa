"""The Swagger 2.0 for Power Platform says what the models say, in the words that its importer reads."""

from typing import Any

import jsonschema_rs
import pytest
from openapi_spec_validator import OpenAPIV2SpecValidator
from pydantic.alias_generators import to_camel

from qualification.api.status_resource import StatusResource
from qualification.domain.request import parse_request
from tests.unit.builders import CONTENTS
from tools.openapi.document import document
from tools.openapi.schemas import SHAPES
from tools.swagger import plain, swagger

DOCUMENT = swagger()
REQUEST: dict[str, Any] = DOCUMENT["definitions"]["Request"]
STATUS: dict[str, Any] = DOCUMENT["definitions"]["Status"]


def words(schema: Any) -> set[str]:
    """Every key that a schema uses, but for the names of properties."""
    if not isinstance(schema, dict):
        return set()
    inner = [*schema.get("properties", {}).values(), schema.get("items")]
    return set(schema).union(*map(words, inner))


def test_it_is_swagger_2() -> None:
    """By the specification."""
    OpenAPIV2SpecValidator(DOCUMENT).validate()


def test_it_has_the_fields_of_every_shape() -> None:
    """No field of the models is forgotten, and there is none more; an answer has those of the status resource."""
    assert REQUEST["properties"].keys() == {to_camel(name) for shape in SHAPES for name in shape.model_fields}
    assert STATUS["properties"].keys() == {to_camel(name) for name in StatusResource.model_fields}
    assert REQUEST["required"] == ["qualification"]


def test_a_choice_has_the_values_of_every_shape() -> None:
    """Or a maker could not choose them."""
    assert set(REQUEST["properties"]["qualification"]["enum"]) == set(CONTENTS)
    assert set(REQUEST["properties"]["mode"]["enum"]) == {"asynchronous", "synchronous"}


@pytest.mark.parametrize("content", CONTENTS.values(), ids=CONTENTS)
def test_what_the_service_takes_is_valid_by_it(content: dict[str, Any]) -> None:
    """Each shape."""
    parse_request(content)
    jsonschema_rs.Draft4Validator(REQUEST).validate(content)


def test_it_uses_no_word_that_its_readers_do_not_know() -> None:
    """Neither `oneOf` nor null."""
    known = {"type", "format", "enum", "description", "maxLength", "required", "properties", "items"}
    assert words(REQUEST) | words(STATUS) <= known


def test_it_is_the_operation_of_the_openapi_document() -> None:
    """The same path, answers and header; what a caller may send besides is there too."""
    [path] = DOCUMENT["paths"]
    described = document()["paths"][f"{DOCUMENT['basePath']}{path}"]["post"]
    ours = DOCUMENT["paths"][path]["post"]
    assert ours["responses"].keys() <= described["responses"].keys()
    assert {each["name"] for each in described["parameters"]} <= {each["name"] for each in ours["parameters"]}
    [scheme] = DOCUMENT["securityDefinitions"].values()
    assert scheme["name"] == document()["components"]["securitySchemes"]["functionKeyHeader"]["name"]


def test_what_may_be_null_is_its_other_type() -> None:
    """And a reference is written out, with the description beside it."""
    found = {"Word": {"enum": ["a"], "type": "string", "description": "of its own\n\nand more"}}
    schema = {"anyOf": [{"$ref": "#/x/Word"}, {"type": "null"}], "description": "of the field"}
    assert plain(schema, found) == {"type": "string", "enum": ["a"], "description": "of the field"}
    assert plain({"$ref": "#/x/Word"}, found)["description"] == "of its own"
