"""What a person reads when a command cannot go on."""

import pytest
from typer import BadParameter

from qualification.commands.failure import Failure, explain
from qualification.domain.call_errors import AccessLost
from qualification.domain.errors import ConfigurationError
from qualification.settings.local_settings import LocalSettingsError


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (Failure("Port 8400 is taken."), "Port 8400 is taken."),
        (LocalSettingsError("There is no x."), "There is no x."),
        (ConfigurationError({"A": "is missing"}), "1 app setting(s) need attention:\n  A: is missing"),
        (AccessLost("lost", "Gone.", partner_wide=True, remedy="Sign in."), "lost: Gone.\nSign in."),
        (ModuleNotFoundError(name="msal"), "msal is not installed: pip install -r requirements-cli.txt"),
        (PermissionError(13, "Permission denied", "/x"), "/x: Permission denied."),
        (ConnectionResetError(104, "Connection reset by peer"), "ConnectionResetError: Connection reset by peer."),
        (BadParameter("no number."), "Invalid value: no number (see --help)."),
    ],
)
def test_each_error_says_what_happened_and_what_to_do(error: Exception, text: str) -> None:
    """And nothing that is about another fault."""
    assert explain(error) == text


@pytest.mark.parametrize(
    "error", [ValueError("a secret"), OSError("a secret"), ExceptionGroup("a secret", [ValueError()])]
)
def test_of_an_unexpected_error_only_its_type_is_shown(error: Exception) -> None:
    """Nobody knows what its text holds."""
    assert (
        explain(error) == f"An unexpected {type(error).__name__} ended the command; --debug shows where it comes from."
    )
