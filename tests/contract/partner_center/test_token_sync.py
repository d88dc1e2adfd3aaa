"""A refresh token that was stored survives a power failure: no other copy of a rotated token exists."""

import asyncio
import os
from pathlib import Path

import pytest
from pydantic import SecretStr

from qualification.partner_center.token_store import FileTokenStore

TOKEN = "1.the-refresh-token"


def test_a_token_is_on_the_disk_before_it_replaces_the_older_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """First the whole text of the new file, then its name, then the folder that holds the name.

    Only the operating system's own functions are listened to, and they do what they always do: what a disk would
    have lost cannot be seen without cutting the power.
    """
    seen: list[tuple[str, int, bool, str]] = []
    fsync, replace = os.fsync, os.replace
    target = tmp_path / "refresh-token"
    target.write_text("older")

    def noted_fsync(opened: int) -> None:
        fsync(opened)
        found = os.fstat(opened)
        seen.append(("fsync", found.st_ino, found.st_size >= len(TOKEN), target.read_text()))

    def noted_replace(source: Path, destination: Path) -> None:
        seen.append(("replace", source.stat().st_ino, source.read_text() == TOKEN, target.read_text()))
        replace(source, destination)

    monkeypatch.setattr(os, "fsync", noted_fsync)
    monkeypatch.setattr(os, "replace", noted_replace)
    asyncio.run(FileTokenStore(target).write(SecretStr(TOKEN)))
    new = target.stat().st_ino
    synced = [("fsync", tmp_path.stat().st_ino, True, TOKEN)] if os.name == "posix" else []
    assert seen == [("fsync", new, True, "older"), ("replace", new, True, "older"), *synced]
