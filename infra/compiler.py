"""The one compiler that the templates are written for. As a program it prints main.bicep, or the one named, as an ARM template.

Whatever the compiler says is a fault, a warning too; so is a template that is not as `bicep format` writes it. With `--snapshots`
the program writes what each set of parameters in profiles/ deploys: a changed snapshot is a change of what gets deployed.
"""  # noqa: INP001  a script, not a package

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

VERSION = "0.49.2"
HOW_TO_GET_IT = (
    f"run `az bicep install --version v{VERSION}`, or name in BICEP the file for your system from"
    f" https://github.com/Azure/bicep/releases/tag/v{VERSION}."
)
INFRA = Path(__file__).parent
NOBODY = "00000000-0000-0000-0000-000000000000"
REGION, GROUP = "swedencentral", "rg-test"
"""Where the profiles are deployed to: in the subscription and tenant of nobody."""


def find(environment: Mapping[str, str]) -> str:
    """The compiler that BICEP names; where it names none, the first on the PATH or of `az bicep` that has the version.

    Raises:
        LookupError: there is none of that version; says in one sentence how to get it.
    """
    azure = environment.get("AZURE_CONFIG_DIR") or Path.home() / ".azure"
    places = [environment["BICEP"]] if environment.get("BICEP") else ["bicep", f"{azure}/bin/bicep"]
    found = [path for place in places if (path := shutil.which(place, path=environment.get("PATH", "")))]
    versions = {path: _version(path) for path in map(os.path.abspath, found)}
    for path, version in versions.items():
        if version == VERSION:
            return path
    others = " and ".join(f"{path} is {version}" for path, version in versions.items())
    raise LookupError(f"Bicep {VERSION} is needed, and {others or f'there is no {places[0]}'}: {HOW_TO_GET_IT}")


class Compiler:
    """The compiler as a process that is asked over and over (`bicep jsonrpc`): starting takes it longer than its work."""

    def __init__(self, program: str) -> None:
        """Start `program`, which `find` has found."""
        self._process = subprocess.Popen(  # noqa: S603  the compiler that was asked for
            [program, "jsonrpc", "--stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self._asked = 0

    def __enter__(self) -> Self:
        """Itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """End the process."""
        self._process.kill()
        self._process.communicate()

    def build(self, template: Path) -> str:
        """The template as ARM JSON, whatever there is to say of it; empty where it cannot be built."""
        return str(self._ask("bicep/compile", path=template)["contents"] or "")

    def faults(self, file: Path) -> list[str]:
        """What the compiler says of a template or a set of parameters and all that it uses, a line each."""
        method = "bicep/compile" if file.suffix == ".bicep" else "bicep/compileParams"
        parameters: dict[str, Any] = {} if file.suffix == ".bicep" else {"parameterOverrides": {}}
        said = self._ask(method, path=file, **parameters)
        lines = [
            f"{each['source']}({each['range']['start']['line'] + 1}): {each['level']} {each['code']}: {each['message']}"
            for each in said["diagnostics"]
            if each["level"] != "Info"
        ]
        return lines if said["success"] or lines else [f"{file} cannot be compiled"]

    def format(self, file: Path) -> str:
        """The file as `bicep format` writes it."""
        return str(self._ask("bicep/format", path=file)["contents"])

    def snapshot(self, profile: Path) -> str:
        """What a set of parameters deploys, evaluated without Azure, as `bicep snapshot` writes it, but for the order of outputs.

        The compiler writes these in another order each time.

        Raises:
            RuntimeError: it cannot be evaluated.
        """
        where: dict[str, str] = {"tenantId": NOBODY, "subscriptionId": NOBODY}
        whole = "using '../bootstrap" in profile.read_text(encoding="utf-8")
        where |= {"location": REGION} if whole else {"resourceGroup": GROUP}
        found = json.loads(self._ask("bicep/getSnapshot", path=profile, metadata=where)["snapshot"])
        found["outputs"] = dict(sorted(found["outputs"].items()))
        return json.dumps(found, indent=2, ensure_ascii=False) + "\n"

    def _ask(self, method: str, path: Path, **more: Any) -> Any:
        self._asked += 1
        question = {"jsonrpc": "2.0", "id": self._asked, "method": method, "params": {"path": str(path), **more}}
        body = json.dumps(question).encode()
        into, out = self._process.stdin, self._process.stdout
        if into is None or out is None:
            raise RuntimeError("the compiler was started without its pipes")
        try:
            into.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
            into.flush()
        except OSError as error:
            raise RuntimeError(f"{path}: the compiler has ended") from error
        length = 0
        while line := out.readline().strip():
            name, _, value = line.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        answer = json.loads(out.read(length) or '{"error": {"message": "the compiler has ended"}}')
        if "error" in answer:
            raise RuntimeError(f"{path}: {answer['error']['message']}")
        return answer["result"]


def faults(compiler: Compiler, infra: Path = INFRA) -> list[str]:
    """What is wrong with the templates and sets of parameters in a folder, a line each."""
    # What is wrong in a module is told for each that uses it.
    used = [*sorted(infra.glob("*.bicep")), *profiles(infra)]
    lines = dict.fromkeys(line for file in used for line in compiler.faults(file))
    files = [*sorted(infra.rglob("*.bicep")), *profiles(infra)]
    unlike = [file for file in files if file.read_text(encoding="utf-8") != compiler.format(file)]
    return [*lines, *(f"{file} is not as `bicep format` writes it" for file in unlike)]


def profiles(infra: Path = INFRA) -> list[Path]:
    """The sets of parameters, one for each way that the documents offer."""
    return sorted(Path(infra, "profiles").glob("*.bicepparam"))


def main(wanted: str = "main") -> int:
    """Print the template, or write the snapshots; 1 where the compiler is missing or has anything to say."""
    try:
        with Compiler(find(os.environ)) as compiler:
            said = faults(compiler)
            if not said and wanted == "--snapshots":
                for profile in profiles():
                    profile.with_suffix(".snapshot.json").write_text(compiler.snapshot(profile), encoding="utf-8")
            elif not said:
                sys.stdout.write(compiler.build(INFRA / f"{wanted}.bicep"))
    except LookupError as error:
        said = [str(error)]
    sys.stderr.write("".join(f"{line}\n" for line in said))
    return 1 if said else 0


def _version(compiler: str) -> str:
    done = subprocess.run([compiler, "--version"], check=False, capture_output=True, text=True)  # noqa: S603  same
    told = re.search(r"\d+\.\d+\.\d+", done.stdout)
    return told[0] if told else "of no version"


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
