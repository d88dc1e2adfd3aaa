"""Step: what must outlive every deployment."""

from dataclasses import dataclass

from qualification.setup.answers import Answers
from qualification.setup.azure import Azure
from qualification.setup.deployment import Deployment
from qualification.setup.templates import Templates


@dataclass(frozen=True, slots=True)
class Bootstrap:
    """Deployed once: it makes the table, and a table that was lost must not come back empty without anybody having noticed."""

    azure: Azure
    answers: Answers
    templates: Templates
    title: str = "Resource group, record storage, vault, locks, roles and identity (infra/bootstrap.bicep)"

    def is_done(self) -> bool:
        """See Step."""
        outputs = self._deployment.outputs()
        if outputs is None:
            return False
        self.answers.keep(**outputs)
        return True

    def do(self) -> None:
        """See Step."""
        self.answers.keep(**self._deployment.deploy(self.templates, "bootstrap", self.answers))

    @property
    def _deployment(self) -> Deployment:
        # The name that infra/bootstrap.py gives it too.
        place = ("--location", self.answers["AZURE_LOCATION"])
        return Deployment(self.azure, "sub", f"bootstrap-{self.answers['AZURE_ENV_NAME']}", place)
