"""A deployment of a template, at the subscription or in the resource group."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from qualification.setup.azure import Azure
from qualification.setup.templates import Templates

ENDED = {"Succeeded", "Failed", "Canceled"}
"""The states that a deployment stays in ("Deployments - Get", provisioningState)."""


@dataclass(frozen=True, slots=True)
class Deployment:
    """One that Azure keeps under a name. It goes on in Azure when whoever began it has died.

    Attributes:
        azure: where.
        scope: `sub` or `group`.
        name: of the deployment.
        place: the options that say where: a region for `sub`, a resource group for `group`.
    """

    azure: Azure
    scope: str
    name: str
    place: tuple[str, ...]

    def outputs(self) -> dict[str, str] | None:
        """The outputs by name; None where there is no such deployment, or it has failed. Waits while it is under way."""
        found = self._found()
        if found is not None and found["properties"]["provisioningState"] not in ENDED:
            # `wait` fails where the deployment does; the state then says so.
            self.azure.works("deployment", self.scope, "wait", "--name", self.name, *self._group, "--created")
            found = self._found()
        if found is None or found["properties"]["provisioningState"] != "Succeeded":
            return None
        return _outputs(found)

    def deploy(self, templates: Templates, layer: str, answers: Mapping[str, str]) -> dict[str, str]:
        """Deploy a layer's template, and wait for its end; the outputs by name. Raises Stopped where Azure refuses."""
        with templates.parameters(layer, answers) as parameters:
            done = self.azure.change(
                *("deployment", self.scope, "create", "--name", self.name, *self.place),
                *("--template-file", templates.path(layer), "--parameters", f"@{parameters}"),
            )
        return _outputs(done)

    def _found(self) -> Any:
        return self.azure.find("deployment", self.scope, "show", "--name", self.name, *self._group)

    @property
    def _group(self) -> tuple[str, ...]:
        return self.place if self.scope == "group" else ()


def _outputs(deployment: Any) -> dict[str, str]:
    # Azure does not keep their names' case: TRANS_Test comes back as tranS_Test (Azure/bicep #9360). Ours are all upper case.
    return {name.upper(): output["value"] for name, output in (deployment["properties"]["outputs"] or {}).items()}
