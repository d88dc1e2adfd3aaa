"""The forms that settings of a CRM take, for the models in the CRMs' rooms (WEBHOOK_{SOURCE}_*)."""

from collections.abc import Callable
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, SecretStr, ValidationInfo

from qualification.settings.environment import SettingFault
from qualification.settings.key_vault_reference import is_reference
from qualification.webhooks.field_rules import FieldRules, parse_field_rules


def words(text: str) -> tuple[str, ...]:
    """The words of a list with commas between; blanks around them and empty ones do not count."""
    return tuple(word.strip() for word in text.split(",") if word.strip())


def parse_secrets(text: str) -> tuple[SecretStr, ...]:
    """Secrets with commas between; several are good while one is rotated."""
    found = words(text)
    if any(map(is_reference, found)):
        raise SettingFault("holds a Key Vault reference among others; a reference must be the whole value")
    return tuple(map(SecretStr, found))


def parsed(parse: Callable[[str], Any]) -> BeforeValidator:
    """A field that is read from its text by `parse`, which raises SettingFault; a default is no text and stays."""
    return BeforeValidator(lambda value: parse(value) if isinstance(value, str) else value)


def beside(secrets: str) -> AfterValidator:
    """A field, validated by default, that a source needs whose secrets (the setting of that name) are set.

    Without secrets the source is closed anyway.
    """

    def check(value: Any, info: ValidationInfo) -> Any:
        if info.data.get("secrets") and not value:
            raise SettingFault(f"is missing; it belongs to {secrets}")
        return value

    return AfterValidator(check)


type Fields = Annotated[FieldRules, parsed(parse_field_rules)]
