"""What setup has the service's other commands do."""

from collections.abc import Mapping
from typing import Protocol


class OwnCommands(Protocol):
    """The commands of this command line that take part."""

    def create_store(self, settings: Mapping[str, str]) -> str:
        """`create-store`, as the person who is signed in.

        Returns:
            Nothing where there is a store now, or else why the table may not be written yet.

        Raises:
            Stopped: the table is gone, or not one that may be made into a store.
        """
        ...

    def sign_in(self, settings: Mapping[str, str]) -> None:
        """`sign-in`: somebody signs in as the service account, and the refresh token is stored."""
        ...

    def doctor(self, app: str, group: str) -> int:
        """`doctor --app`; its exit code."""
        ...
