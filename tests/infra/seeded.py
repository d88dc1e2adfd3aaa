"""Plants each mistake of mistakes/*.toml in a copy of the project, and sees that the compiler or an assertion catches it.

The snapshots of the profiles that show a mistake are written anew: a changed snapshot alone is no catch. Nor is one that has
not been: the checks leave the other profiles out. checkov is left out too, and so are the checks of the compiler itself.

    python -m tests.infra.seeded first.toml     # without a name: all of them
"""

import os
import shutil
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

# Read once, for all copies; no mistake is in it.
import qualification.settings.app_settings
import qualification.use_cases.telemetry
import qualification.webhooks.registry  # noqa: F401  see above
from infra.compiler import Compiler, find

ROOT = Path(__file__).parents[2]
COPIED = (
    *("infra", "docs", ".github", "bicepconfig.json", "ps-rule.yaml", "azure.yaml", "host.json", ".funcignore"),
    "function_app.py",
)
LINKED = ("qualification", "sandbox", "tools", ".python-version", "requirements.txt", "Makefile", ".git")
LEFT_OUT = ("check_compiler.py", "check_policy.py")


def copy(folder: Path) -> None:
    """The project as far as the checks read it."""
    for name in COPIED:
        source = ROOT / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, folder / name)
    for name in LINKED:
        (folder / name).symlink_to(ROOT / name)
    shutil.copytree(ROOT / "tests" / "infra", folder / "tests" / "infra")
    for each in (ROOT / "tests").iterdir():
        if each.name != "infra":
            (folder / "tests" / each.name).symlink_to(each)


def planted(folder: Path, mistake: Any) -> None:
    """Make the mistake.

    Raises:
        LookupError: what it would change is not there any more.
    """
    path = folder / mistake["file"]
    text = path.read_text(encoding="utf-8")
    if mistake["right"] not in text:
        raise LookupError(f"{mistake['kind']}: {mistake['file']} has changed, so the mistake must be written anew")
    path.write_text(text.replace(mistake["right"], mistake["wrong"]), encoding="utf-8")


def told_by_compiler(compiler: Compiler, folder: Path, profiles: list[str]) -> list[str]:
    """What the compiler says; where it says nothing, snapshots and ARM templates are written anew."""
    infra = folder / "infra"
    for name in profiles:
        path = infra / "profiles" / f"{name}.bicepparam"
        if said := compiler.faults(path):
            return said
        path.with_suffix(".snapshot.json").write_text(compiler.snapshot(path), encoding="utf-8")
    for name in ("main", "bootstrap"):
        (folder / f"{name}.compiled.json").write_text(compiler.build(infra / f"{name}.bicep"), encoding="utf-8")
    return []


class Shown:
    """Leaves out the checks of profiles that do not show the mistake: their snapshots are of before it."""

    def __init__(self, profiles: list[str]) -> None:
        """With no profile, all of them stay: there is nothing in them that a mistake could change."""
        self._profiles = profiles

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Called by pytest with what it is going to run."""
        if self._profiles:
            of = {item: getattr(item, "callspec", None) for item in items}
            items[:] = [
                item for item, spec in of.items() if not spec or spec.params.get("profile", "") in ["", *self._profiles]
            ]


def checked(folder: Path, profiles: list[str]) -> int:
    """Run the checks in a process of their own, which has read all that is the same for each copy.

    Returns:
        The process.
    """
    process = os.fork()
    if process:
        return process
    os.chdir(folder)
    sys.path[:] = [str(folder), *(path for path in sys.path if path and Path(path).resolve() != ROOT)]
    for name in [name for name in sys.modules if name.split(".")[0] in {"infra", "tests"}]:
        del sys.modules[name]
    os.environ["COMPILED"] = str(folder)
    with Path(folder, "told").open("w", encoding="utf-8") as told:
        os.dup2(told.fileno(), 1)
        os.dup2(told.fileno(), 2)
        left_out = [f"--ignore=tests/infra/{name}" for name in LEFT_OUT]
        options = ["-x", "-q", "-p", "no:cacheprovider", "--tb=line"]
        status = pytest.main([*options, "tests/infra", *left_out], plugins=[Shown(profiles)])
        told.flush()
    os._exit(int(status))


def outcome(folder: Path, process: int) -> tuple[bool, str]:
    """Whether the checks have failed, and which first."""
    _, status = os.waitpid(process, 0)
    lines = (folder / "told").read_text(encoding="utf-8").splitlines()
    failed = [line.split(" - ")[0].split("::")[-1] for line in lines if line.startswith("FAILED")]
    code = os.waitstatus_to_exitcode(status)
    if code == int(pytest.ExitCode.TESTS_FAILED):
        return True, failed[0] if failed else "?"
    return False, "nothing" if code == 0 else "the checks did not run: " + " ".join(lines[-3:])


def results(compiler: Compiler, mistakes: list[Any]) -> Iterator[tuple[str, bool, str]]:
    """Each mistake's kind, whether it was caught, and by what; the next is prepared while the checks look at the last."""
    waiting: list[tuple[str, TemporaryDirectory[str], int]] = []
    for mistake in mistakes:
        holder = TemporaryDirectory(prefix="mistake")
        folder = Path(holder.name).resolve()
        copy(folder)
        planted(folder, mistake)
        if said := told_by_compiler(compiler, folder, mistake["profiles"]):
            yield mistake["kind"], True, f"compiler: {said[0].split('): ', 1)[-1][:90]}"
            continue
        waiting.append((mistake["kind"], holder, checked(folder, mistake["profiles"])))
        if len(waiting) > 1:
            kind, done, process = waiting.pop(0)
            yield kind, *outcome(Path(done.name), process)
    for kind, done, process in waiting:
        yield kind, *outcome(Path(done.name), process)


def main(*files: str) -> int:
    """Print a line a mistake; 1 where one was not caught, or where the checks fail without any."""
    nothing = {"kind": "no mistake", "profiles": [], "file": "host.json", "right": "{", "wrong": "{"}
    folder = ROOT / "tests" / "infra" / "mistakes"
    chosen = [folder / name for name in files] or sorted(folder.glob("*.toml"))
    given = [each for path in chosen for each in tomllib.loads(path.read_text(encoding="utf-8"))["mistake"]]
    with Compiler(find(os.environ)) as compiler:
        found = list(results(compiler, [nothing, *given]))
    for kind, caught, how in found:
        word = "caught" if caught else "MISSED" if kind != "no mistake" else "passed"
        sys.stdout.write(f"{word:8}{kind:36}{how}\n")
    wrong = [kind for kind, caught, _ in found if caught == (kind == "no mistake")]
    sys.stdout.write(f"{sum(caught for _, caught, _ in found)} of {len(given)} mistakes caught\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
