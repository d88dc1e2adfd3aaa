"""What gets deployed, as data: the snapshots of the profiles, and the templates as ARM JSON."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from infra.compiler import GROUP, NOBODY, Compiler, find, profiles

INFRA = Path(__file__).parents[2] / "infra"
ROOT = INFRA.parent
TEMPLATES = sorted(INFRA.rglob("*.bicep"))
GROUP_ID = f"/subscriptions/{NOBODY}/resourceGroups/{GROUP}"
MAIN = [path.stem for path in profiles(INFRA) if "'../main.bicep'" in path.read_text(encoding="utf-8")]
BOOTSTRAP = [path.stem for path in profiles(INFRA) if path.stem not in MAIN]
IDENTITY = "Microsoft.ManagedIdentity/userAssignedIdentities/id-"


@dataclass(frozen=True)
class Deployed:
    """What one set of parameters deploys, each resource as Azure would get it; what a live resource decides is `[…]`."""

    name: str
    resources: tuple[Any, ...]
    outputs: Any

    def of_type(self, kind: str) -> list[Any]:
        """The resources of that type."""
        return [each for each in self.resources if each["type"] == kind]

    def one(self, kind: str, name: str = "") -> Any:
        """The one resource of that type whose name has `name` in it."""
        (found,) = [each for each in self.of_type(kind) if name in each["name"]]
        return found

    @property
    def settings(self) -> dict[str, str]:
        """The app settings."""
        given: dict[str, str] = self.one("Microsoft.Web/sites/config", "appsettings")["properties"]
        return given


@cache
def deployed(name: str) -> Deployed:
    """What the profile of that name deploys."""
    content = json.loads((INFRA / "profiles" / f"{name}.snapshot.json").read_text(encoding="utf-8"))
    return Deployed(name, tuple(content["predictedResources"]), content.get("outputs", {}))


def scope(resource: Any) -> str:
    """What an extension resource (a lock, a role, a diagnostic setting) is on, below the resource group; empty for the group."""
    whole: str = resource["id"].rsplit("/providers/", 1)[0]
    return whole.removeprefix(GROUP_ID).removeprefix("/providers/")


@cache
def compiled(name: str) -> Any:
    """A template as ARM JSON."""
    if folder := os.environ.get("COMPILED"):  # seeded.py has compiled it already
        return json.loads(Path(folder, f"{name}.compiled.json").read_text(encoding="utf-8"))
    return json.loads(running().build(INFRA / f"{name}.bicep"))


@cache
def running() -> Compiler:
    """The one compiler of a run of the checks; it ends with the run, because its input ends."""
    return Compiler(find(os.environ))


def nested(template: Any) -> Iterator[Any]:
    """The template and all templates inside it."""
    yield template
    resources = template.get("resources", {})
    for each in resources.values() if isinstance(resources, dict) else resources:
        if inner := each.get("properties", {}).get("template"):
            yield from nested(inner)
