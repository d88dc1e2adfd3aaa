"""The table of what may be asked for, from the schemas of the three shapes of a request."""

from typing import Any

from tools.openapi.schemas import SHAPES, schemas
from tools.reference import markdown


def table() -> str:
    """Field by field, what each shape takes; an empty cell where it takes none."""
    known = schemas()
    shapes = [known[shape.__name__] for shape in SHAPES]
    fields = dict.fromkeys(name for shape in shapes for name in ("qualification", *sorted(shape["properties"])))
    head = ("Field", *(shape["properties"]["qualification"]["const"] for shape in shapes))
    rows = ((markdown.code(name), *(_cell(shape, name, known) for shape in shapes)) for name in fields)
    return markdown.table(head, rows)


def _cell(shape: dict[str, Any], name: str, known: dict[str, Any]) -> str:
    if name not in shape["properties"]:
        return ""
    schema = shape["properties"][name]
    words = [_values(schema, known)]
    if name in shape["required"]:
        words.append("needed")
    elif schema.get("default") not in {None, False}:
        words.append(f"default {markdown.code(schema['default'])}")
    return ", ".join(words)


def _values(schema: dict[str, Any], known: dict[str, Any]) -> str:
    [one, *_] = schema.get("anyOf", [schema])
    if "$ref" in one:
        one = known[one["$ref"].rsplit("/", 1)[-1]]
    if "const" in one:
        return markdown.code(one["const"])
    if "enum" in one:
        return " or ".join(map(markdown.code, one["enum"]))
    if one.get("type") == "boolean":
        return "`true` or `false`"
    if one.get("type") == "object":
        return f"an object: {', '.join(map(markdown.code, one.get('properties', {})))}"
    return f"text, at most {one['maxLength']} characters" if "maxLength" in one else "text"
