"""The templates of this checkout, and their parameters."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from runpy import run_path
from tempfile import TemporaryDirectory

from qualification.setup.stopped import Stopped

TEXTS = {".bicep", ".json", ".kql"}
"""What a template is made of, or loads."""


class Templates:
    """The folder `infra`.

    Args:
        folder: where it is.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, layer: str) -> str:
        """Where the template of a layer is, `main` or `bootstrap`."""
        return str(self._folder / f"{layer}.bicep")

    def digest(self, layer: str, answers: Mapping[str, str]) -> str:
        """Stands for the templates and the parameters: another one deploys something else."""
        found = sha256(self._parameters(layer, answers))
        for file in sorted(self._folder.rglob("*")):
            if file.suffix in TEXTS and "profiles" not in file.parts:
                found.update(file.relative_to(self._folder).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
        return found.hexdigest()[:16]

    @contextmanager
    def parameters(self, layer: str, answers: Mapping[str, str]) -> Iterator[str]:
        """Where the parameters of a layer are, filled from the answers, for as long as the block lasts."""
        with TemporaryDirectory() as folder:
            file = Path(folder, "parameters.json")
            file.write_bytes(self._parameters(layer, answers))
            yield str(file)

    def _parameters(self, layer: str, answers: Mapping[str, str]) -> bytes:
        # From the answers and from nothing else: what a shell happens to have set must not get into a deployment.
        script = run_path(str(self._folder / "parameters.py"))
        content = json.loads((self._folder / f"{layer}.parameters.json").read_text(encoding="utf-8"))
        declared = script["kinds"](Path(self.path(layer)).read_text(encoding="utf-8"))
        try:
            return json.dumps(script["filled"](content, declared, answers), indent=2).encode()
        except KeyError as error:
            raise Stopped(f"The answers do not hold what the templates need: {error.args[0]}.") from None
        except ValueError as error:
            raise Stopped(f"The answers do not fit the templates: {error}.") from None
