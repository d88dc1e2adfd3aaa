"""How the history and the log name whoever asks or decides."""

import pytest

from qualification.domain.caller import Caller, CallerKind


@pytest.mark.parametrize(
    ("kind", "shown", "name", "words"),
    [
        (CallerKind.COMMAND_LINE, "a1b2", "Anna", "Anna (command line)"),
        (CallerKind.COMMAND_LINE, "anna", None, "anna (command line)"),
        (CallerKind.FUNCTION_KEY, "0badcafe", "Anna", "Anna (key 0badcafe)"),
        (CallerKind.FUNCTION_KEY, "0badcafe", None, "key 0badcafe"),
        (CallerKind.FUNCTION_KEY, "", None, "key none"),
        (CallerKind.USER, "d89254ff", None, "user d89254ff"),
        (CallerKind.ORGANIZATION, "00D5e", "Contoso", "organization 00D5e"),
        (CallerKind.PORTAL, "62515", None, "portal 62515"),
    ],
)
def test_a_caller_is_named_as_people_know_it(kind: CallerKind, shown: str, name: str | None, words: str) -> None:
    """Who reads a history finds the person by name, or by what can be looked up in the CRM or among the keys."""
    assert str(Caller(kind=kind, id=shown, name=name)) == words
