"""Step: Partner Center knows the app. Only a person can do this, and only a person can say that it is done."""

from dataclasses import dataclass

from qualification.setup.answers import Answers
from qualification.setup.person import Person

KNOWN = "PARTNER_CENTER_KNOWS_APP"


@dataclass(frozen=True, slots=True)
class PartnerCenter:
    """Reviews use the app's own token, and Partner Center answers it only when it knows the app."""

    answers: Answers
    person: Person
    title: str = "Partner Center knows the app"

    def is_done(self) -> bool:
        """See Step."""
        return self.answers.get(KNOWN) == self._app

    def do(self) -> None:
        """See Step."""
        self.person.wait(
            f"In Partner Center, under Account settings > App management, register this app as a web app: {self._app}"
        )
        self.answers.keep(**{KNOWN: self._app})

    @property
    def _app(self) -> str:
        return self.answers["PARTNER_CENTER_CLIENT_ID"]
