"""Step: the service's resources, as the answers want them."""

from dataclasses import dataclass

from qualification.setup.answers import Answers
from qualification.setup.azure import Azure
from qualification.setup.deployment import Deployment
from qualification.setup.templates import Templates


@dataclass(frozen=True, slots=True)
class Service:
    """Deployed whenever templates or answers have changed, or somebody else has deployed since."""

    azure: Azure
    answers: Answers
    templates: Templates
    title: str = "Service Bus, function app, settings, alerts (infra/main.bicep)"

    def is_done(self) -> bool:
        """See Step."""
        deployment = self._deployment
        if self._newest() != deployment.name:
            return False
        outputs = deployment.outputs()
        if outputs is None:
            return False
        self.answers.keep(**outputs)
        return True

    def do(self) -> None:
        """See Step."""
        self.answers.keep(**self._deployment.deploy(self.templates, "main", self.answers))

    def _newest(self) -> str:
        """The newest deployment of the whole: setup's own, or one that bears the environment's name, as azd's and the pipeline's do."""
        listed = self.azure.read("deployment", "group", "list", *self._place)
        whole = [each for each in listed if each["name"].startswith(("setup-", self.answers["AZURE_ENV_NAME"]))]
        return max(((each["properties"]["timestamp"], each["name"]) for each in whole), default=("", ""))[1]

    @property
    def _deployment(self) -> Deployment:
        name = f"setup-{self.templates.digest('main', self.answers)}"
        return Deployment(self.azure, "group", name, self._place)

    @property
    def _place(self) -> tuple[str, str]:
        return "--resource-group", self.answers["AZURE_RESOURCE_GROUP"]
