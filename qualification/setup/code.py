"""Step: the code of this checkout is deployed."""

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol

from qualification.setup.answers import Answers
from qualification.setup.azure import Azure

TAG = "package"
"""A tag of the app says which package was deployed last; a deployment of the templates takes it off."""


class Packaging(Protocol):
    """Builds the package."""

    def digest(self) -> str:
        """Stands for what is in it."""
        ...

    def build(self, folder: Path) -> Path:
        """Build it in a folder; where it is."""
        ...


@dataclass(frozen=True, slots=True)
class Code:
    """Deployed whenever it has changed. Each package is kept, so that going back deploys the very file that was there before.

    Attributes:
        kept: the folder of the packages.
    """

    azure: Azure
    answers: Answers
    package: Packaging
    kept: Path
    title: str = "The code of this checkout"

    def is_done(self) -> bool:
        """See Step."""
        return bool((self._app()["tags"] or {}).get(TAG) == self.package.digest())

    def do(self) -> None:
        """See Step."""
        digest = self.package.digest()
        package = self.kept / f"{digest}.zip"
        if not package.exists():
            self._build(package)
        given = ("--src", str(package), "--build-remote", "false")
        self.azure.change("functionapp", "deployment", "source", "config-zip", *self._named, *given)
        tag = ("--tags", f"{TAG}={digest}")
        self.azure.change("tag", "update", "--resource-id", self._app()["id"], "--operation", "Merge", *tag)

    def _build(self, package: Path) -> None:
        self.kept.mkdir(exist_ok=True)
        with TemporaryDirectory(dir=self.kept) as folder:
            self.package.build(Path(folder)).replace(package)

    def _app(self) -> Any:
        return self.azure.read("functionapp", "show", *self._named)

    @property
    def _named(self) -> tuple[str, ...]:
        return "--name", self.answers["SERVICE_APP_NAME"], "--resource-group", self.answers["AZURE_RESOURCE_GROUP"]
