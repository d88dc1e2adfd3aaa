"""What a person reads when a command cannot go on."""

from typer import TyperException

from qualification.domain.call_errors import PartnerCenterError
from qualification.domain.errors import QualificationError
from qualification.settings.local_settings import LocalSettingsError

INSTALL = "pip install -r requirements-cli.txt"


class Failure(Exception):
    """A command cannot go on; the text is what the person reads: what happened, and what to do."""


def explain(error: Exception) -> str:
    """What happened and what to do; of an error that nobody foresaw the type only, since its text may hold a secret."""
    match error:
        case TyperException():
            message = error.format_message()  # none where the help was printed because nothing was asked
            return message and f"{message.rstrip('.')} (see --help)."
        case PartnerCenterError():
            return f"{error}\n{error.remedy}"
        case Failure() | QualificationError() | LocalSettingsError():
            return str(error)
        case ModuleNotFoundError():
            return f"{error.name} is not installed: {INSTALL}"
        case OSError(strerror=str(reason)):
            return f"{error.filename or type(error).__name__}: {reason}."
        case _:
            return f"An unexpected {type(error).__name__} ended the command; --debug shows where it comes from."
