"""The file of what is wanted and what was found, by the names that azd and the templates' parameters give them."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from qualification.setup.stopped import Stopped


class Answers(Mapping[str, str]):
    """Values by name, as texts; what is no text in the file is JSON. Nothing in it is a secret.

    Args:
        file: a JSON object, which need not be there yet.
        content: what is in it.
    """

    def __init__(self, file: Path, content: Mapping[str, Any]) -> None:
        self.file = file
        self._content = dict(content)

    @classmethod
    def read(cls, file: Path) -> "Answers":
        """The answers in a file; none where there is no such file.

        Raises:
            Stopped: it is not a JSON object.
        """
        try:
            content = json.loads(file.read_text(encoding="utf-8-sig"))
        except FileNotFoundError:
            content = {}
        except ValueError as error:
            raise Stopped(f"{file} is not JSON: {error}. Mend it, or take it away to be asked again.") from None
        if not isinstance(content, dict):
            raise Stopped(f'{file} must be a JSON object, such as {{"AZURE_ENV_NAME": "qualifications"}}.')
        return cls(file, content)

    def keep(self, **found: str) -> None:
        """Put values into the file, at once and as a whole: a process that dies leaves the old one or the new one."""
        if all(self._content.get(name) == value for name, value in found.items()):
            return
        self._content |= found
        partial = self.file.with_name(f"{self.file.name}.new")
        partial.write_text(json.dumps(self._content, indent=2) + "\n", encoding="utf-8")
        partial.replace(self.file)

    def is_on(self, name: str) -> bool:
        """Whether a switch is `true`."""
        return self.get(name, "") == "true"

    def __getitem__(self, name: str) -> str:
        value = self._content[name]
        return value if isinstance(value, str) else json.dumps(value)

    def __iter__(self) -> Iterator[str]:
        return iter(self._content)

    def __len__(self) -> int:
        return len(self._content)
