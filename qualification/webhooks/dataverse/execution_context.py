"""A RemoteExecutionContext as JSON: .NET collections, rows and images, whatever may stand in their place.

Microsoft Learn: "RemoteExecutionContext class", "Write plug-ins for CreateMultiple and UpdateMultiple" (Targets, and images
in an array that runs along with it).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from qualification.domain.guid import parse_guid

PRIMARY_NAME = "AsynchronousStepPrimaryName"
"""An image that Dataverse itself adds to asynchronous steps, with the primary name only."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row that was created or changed.

    Attributes:
        id: its id where the message is about several (its place where it has none), empty where it is about one.
        columns: those that were sent; None where there are none.
        image: the columns of the post image, None where nobody has registered one.
    """

    id: str
    columns: Mapping[str, Any] | None
    image: Mapping[str, Any] | None


def one_row(context: Mapping[str, Any]) -> Row:
    """The row of a Create or Update."""
    return Row("", _columns(_value(context.get("InputParameters"), "Target")), _image(context.get("PostEntityImages")))


def several_rows(context: Mapping[str, Any]) -> Iterator[Row]:
    """The rows of a CreateMultiple or UpdateMultiple."""
    targets = _value(context.get("InputParameters"), "Targets")
    entities = targets.get("Entities") if isinstance(targets, Mapping) else None
    images = context.get("PostEntityImagesCollection")
    for index, entity in enumerate(entities if isinstance(entities, list) else []):
        image = images[index] if isinstance(images, list) and len(images) > index else None
        yield Row(_row_id(entity) or str(index), _columns(entity), _image(image))


def _row_id(entity: Any) -> str | None:
    try:
        return str(parse_guid(entity.get("Id"))) if isinstance(entity, Mapping) else None
    except ValueError:
        return None


def _value(pairs: Any, key: str) -> Any:
    """The value of a key in a .NET collection, which is a list of objects with `key` and `value`."""
    return next((pair.get("value") for pair in _pairs(pairs) if pair["key"] == key), None)


def _pairs(pairs: Any) -> list[Mapping[str, Any]]:
    found = pairs if isinstance(pairs, list) else []
    return [pair for pair in found if isinstance(pair, Mapping) and isinstance(pair.get("key"), str)]


def _columns(entity: Any) -> dict[str, Any] | None:
    """The columns of an Entity, or None where there is none."""
    if not isinstance(entity, Mapping) or not isinstance(entity.get("Attributes"), list):
        return None
    return {pair["key"]: pair.get("value") for pair in _pairs(entity["Attributes"])}


def _image(images: Any) -> dict[str, Any] | None:
    """The columns of all post images that somebody has registered, or None where nobody has."""
    found = [_columns(pair.get("value")) or {} for pair in _pairs(images) if pair["key"] != PRIMARY_NAME]
    return {name: value for image in found for name, value in image.items()} if found else None
