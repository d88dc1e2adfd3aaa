import traceback
from typing import Annotated, Any

import pytest
from pydantic import AfterValidator, Field, Json, SecretStr, ValidationInfo, field_validator

from qualification.domain.errors import ConfigurationError
from qualification.settings.environment import EnvironmentModel, SettingFault, load, names

SECRET = "s3cr3t-0042"


def lower(text: str) -> str:
    """A form of our own."""
    if text.isupper():
        raise SettingFault("must be in lower case")
    return text


class Pace(EnvironmentModel):
    """A section."""

    first: int = Field(1, alias="FIRST", gt=0, description="a whole number above 0")
    most: int = Field(9, alias="MOST", gt=0, validate_default=True, description="a whole number above 0")

    @field_validator("most")
    @classmethod
    def _not_before_first(cls, most: int, info: ValidationInfo) -> int:
        if most < info.data.get("first", most):
            raise SettingFault("must not be below FIRST")
        return most


class Shop(EnvironmentModel):
    """One setting of each kind."""

    key: SecretStr = Field(alias="KEY")
    word: Annotated[str, AfterValidator(lower)] = Field("tea", alias="WORD")
    items: Json[list[int]] = Field([], alias="ITEMS", description="a JSON array of whole numbers")
    odd: bool = Field(default=False, alias="ODD")
    pace: Pace


def faults(**environment: str) -> dict[str, str]:
    """What is wrong with these."""
    with pytest.raises(ConfigurationError) as refused:
        load(Shop, environment)
    return refused.value.faults


def test_each_field_is_read_under_its_alias() -> None:
    """Sections too, from the same names; whatever else is in the environment is not looked at."""
    shop = load(Shop, {"KEY": SECRET, "ITEMS": "[1, 2]", "FIRST": "3", "MOST": "4", "PATH": "/bin"})
    assert (shop.key.get_secret_value(), shop.word, shop.items) == (SECRET, "tea", [1, 2])
    assert shop.pace == Pace(first=3, most=4)
    assert names(Shop) == {"KEY", "WORD", "ITEMS", "ODD", "FIRST", "MOST"}


def test_a_field_is_not_read_under_its_own_name() -> None:
    """A variable of any program may happen to have it; nor does one stand in for a section."""
    shop = load(Shop, {"KEY": SECRET, "word": "coffee", "pace": "fast", "first": "7"})
    assert (shop.word, shop.pace) == ("tea", Pace())


def test_blanks_around_a_value_go() -> None:
    """They come with a paste into the portal."""
    assert load(Shop, {"KEY": f" {SECRET}\n", "FIRST": " 3 "}).key.get_secret_value() == SECRET


@pytest.mark.parametrize("value", ["", " ", "\t\n"])
def test_an_empty_setting_is_a_missing_one(value: str) -> None:
    """Required, it is missing; else it has its default."""
    assert faults(KEY=value) == {"KEY": "is missing"}
    assert load(Shop, {"KEY": SECRET, "WORD": value}).word == "tea"


def test_every_fault_is_told_at_once() -> None:
    """By the name of its setting: a rule over two of them as well, and one fault a setting."""
    assert faults(WORD="TEA", ITEMS='["a", "b"]', ODD="perhaps", FIRST="8", MOST="7") == {
        "KEY": "is missing",
        "WORD": "must be in lower case",
        "ITEMS": "must be a JSON array of whole numbers",
        "ODD": "must be in another form",
        "MOST": "must not be below FIRST",
    }


def test_a_rule_over_two_settings_holds_for_a_default() -> None:
    """One of the two is enough to break it."""
    assert faults(KEY=SECRET, FIRST="10") == {"MOST": "must not be below FIRST"}


def test_a_rule_over_two_settings_says_nothing_of_a_malformed_one() -> None:
    """Nobody knows yet what it would be."""
    assert faults(KEY=SECRET, FIRST="many", MOST="7") == {"FIRST": "must be a whole number above 0"}


@pytest.mark.parametrize("name", ["WORD", "ITEMS", "ODD", "FIRST"])
def test_a_fault_shows_no_value(name: str) -> None:
    """Neither in its words nor in what a log shows of it with all that led to it."""
    with pytest.raises(ConfigurationError) as refused:
        load(Shop, {"KEY": SECRET, name: SECRET.upper()})
    shown = f"{refused.value!r} {refused.value.faults} {''.join(traceback.format_exception(refused.value))}"
    assert name in shown
    assert SECRET not in shown.lower()
    assert (refused.value.__cause__, refused.value.__context__) == (None, None)


def test_the_words_of_another_error_are_not_repeated() -> None:
    """`int` quotes what it was given."""

    class Careless(EnvironmentModel):
        number: Annotated[Any, AfterValidator(int)] = Field(alias="NUMBER", description="a number")

    with pytest.raises(ConfigurationError) as refused:
        load(Careless, {"NUMBER": SECRET})
    assert refused.value.faults == {"NUMBER": "must be a number"}
