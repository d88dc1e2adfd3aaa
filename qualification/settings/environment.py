"""App settings as one pydantic model over the environment: the alias of a field is the setting's name."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from qualification.domain.errors import ConfigurationError
from qualification.settings.key_vault_reference import UNRESOLVED, is_reference


class SettingFault(ValueError):
    """What is wrong with a setting, as a validator says it: in words for the reader, and never with its value.

    A rule over two settings belongs to the later of the two: its validator finds the other in `info.data`, if that one
    is sound, and with `validate_default` it also runs where its own setting is left out. So it speaks whatever else is
    wrong, and its fault bears the name of the setting that it validates.
    """


class EnvironmentModel(BaseModel):
    """Settings under the aliases of its fields.

    A field without an alias is no setting: one that is a model itself is read from the same settings, any other has its
    default. Whatever pydantic refuses is reported as "must be" and the field's `description`.
    """

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True, validate_by_name=True, validate_by_alias=True)


def load[M: BaseModel](model: type[M], environment: Mapping[str, str]) -> M:
    """The settings of one model.

    Args:
        model: its fields' aliases are the settings' names.
        environment: values by name, as in `os.environ`; blanks around a value go, and an empty one is a missing one.

    Raises:
        ConfigurationError: some are missing or malformed; it lists every fault by name, never a value.
    """
    settings, faults = read(model, environment)
    if settings is None:
        raise ConfigurationError(faults)
    return settings


def read[M: BaseModel](model: type[M], environment: Mapping[str, str]) -> tuple[M | None, dict[str, str]]:
    """As `load`, where there is more to read before anything is raised: the settings, or every fault by name."""
    # An empty value is how a template leaves a setting out.
    values = {name: text for name, value in environment.items() if (text := value.strip())}
    try:
        settings, found = model.model_validate(_own(model, values)), []
    except ValidationError as error:
        settings, found = None, list(_faults(model, error))
    faults = {name: "; ".join(dict.fromkeys(fault for of, fault in found if of == name)) for name, _ in found}
    faults |= {name: UNRESOLVED for name in sorted(names(model)) if is_reference(values.get(name, ""))}
    return (None if faults else settings), faults


def names(model: type[BaseModel]) -> set[str]:
    """The names of all settings that a model reads."""
    own = {field.alias for field in model.model_fields.values() if field.alias}
    return own.union(*map(names, _sections(model).values()))


def _sections(model: type[BaseModel]) -> dict[str, type[BaseModel]]:
    kinds = {name: field.annotation for name, field in model.model_fields.items() if field.alias is None}
    return {name: kind for name, kind in kinds.items() if isinstance(kind, type) and issubclass(kind, BaseModel)}


def _own(model: type[BaseModel], values: Mapping[str, str]) -> dict[str, Any]:
    """What the environment has for a model, and nothing under the names of its fields."""
    aliases = [field.alias for field in model.model_fields.values() if field.alias]
    settings = {alias: values[alias] for alias in aliases if alias in values}
    return {**settings, **{name: _own(section, values) for name, section in _sections(model).items()}}


def _faults(model: type[BaseModel], error: ValidationError) -> Iterator[tuple[str, str]]:
    for each in error.errors(include_url=False, include_input=False):
        within, path = model, list(each["loc"])
        while path and path[0] in _sections(within):
            within = _sections(within)[str(path.pop(0))]
        # Only a rule over the whole model has no field of its own.
        name, *inside = path or [within.__name__]
        # Pydantic names a field by its alias, but a refused default by the field's own name.
        fields = {key: field for own, field in within.model_fields.items() for key in (own, field.alias)}
        field = fields.get(str(name))
        setting = (field and field.alias) or str(name)
        reason = each.get("ctx", {}).get("error")
        if isinstance(reason, SettingFault):
            yield setting, str(reason)
        elif each["type"] == "missing" and not inside:
            yield setting, "is missing"
        else:
            # Pydantic's own words may repeat a part of the value.
            yield setting, f"must be {(field and field.description) or 'in another form'}"
