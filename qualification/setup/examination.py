"""Step: the doctor finds nothing wrong."""

from dataclasses import dataclass

from qualification.setup.answers import Answers
from qualification.setup.own_commands import OwnCommands
from qualification.setup.stopped import Stopped


@dataclass(frozen=True, slots=True)
class Examination:
    """`doctor --app`, each time."""

    answers: Answers
    own: OwnCommands
    title: str = "The doctor finds nothing wrong"

    def is_done(self) -> bool:
        """See Step."""
        return False

    def do(self) -> None:
        """See Step."""
        if self.own.doctor(self.answers["SERVICE_APP_NAME"], self.answers["AZURE_RESOURCE_GROUP"]):
            raise Stopped(
                "Everything is deployed, and the doctor is not content: see above. A new role takes some minutes; then run setup again."
            )
