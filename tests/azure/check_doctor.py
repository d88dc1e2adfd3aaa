"""Each call of `az` that the doctor makes of a deployed app, or names, is a command that the Azure CLI takes."""

from collections.abc import Callable

import pytest

from qualification.doctor.arm import app_settings, references, refresh, site
from tests.azure.check_commands import parse


@pytest.mark.parametrize("call", [site, app_settings, references, refresh])
def test_the_cli_takes_what_the_doctor_asks(call: Callable[[str, str], list[str]]) -> None:
    """As for the documents; the module needs nothing that the CLI does not bring."""
    words = call("func-example", "rg-example")
    assert {word for word in words if word.startswith("-")} <= parse(words)
