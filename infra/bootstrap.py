"""Runs bootstrap.bicep, once, as the person who is signed in to the Azure CLI; azd's hook before `azd provision`, and by hand.

With `--once` it does nothing where AZURE_RESOURCE_GROUP says that it has been done: it makes the table of the records,
and a table that was lost must not come back empty without anybody having noticed (docs/recover.md).
"""  # noqa: INP001  a script, not a package

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

INFRA = Path(__file__).parent


def program(name: str) -> str:
    """Where a program is; on Windows, those of Azure are scripts that only their whole path starts.

    Raises:
        LookupError: it is not installed.
    """
    found = shutil.which(name)
    if found is None:
        raise LookupError(f"{name} is needed and was not found: see the first section of docs/deploy.md.")
    return found


def deploy(environment: Mapping[str, str]) -> dict[str, str]:
    """Deploy the template.

    Returns:
        Its outputs by name.

    Raises:
        LookupError: the Azure CLI is missing.
        subprocess.CalledProcessError: a variable is missing, or Azure has refused; it has been said why.
    """
    given = subprocess.run(  # noqa: S603  our own interpreter and script
        [sys.executable, INFRA / "parameters.py", "bootstrap"],
        check=True,
        stdout=subprocess.PIPE,
        env=dict(environment),
    )
    with TemporaryDirectory() as folder:
        file = Path(folder, "parameters.json")
        file.write_bytes(given.stdout)
        done = subprocess.run(  # noqa: S603  the Azure CLI, with our own template
            [
                *(program("az"), "deployment", "sub", "create", "--name", f"bootstrap-{environment['AZURE_ENV_NAME']}"),
                *("--location", environment["AZURE_LOCATION"], "--template-file", str(INFRA / "bootstrap.bicep")),
                *("--parameters", f"@{file}", "--query", "properties.outputs", "--output", "json"),
                *(
                    ["--subscription", environment["AZURE_SUBSCRIPTION_ID"]]
                    if "AZURE_SUBSCRIPTION_ID" in environment
                    else []
                ),
            ],
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
    # Azure does not keep the case of an output's name (Azure/bicep #9360).
    return {name.upper(): each["value"] for name, each in json.loads(done.stdout).items()}


def main(*arguments: str) -> int:
    """Deploy, print the outputs, and let azd keep them where azd is there; 1 where it cannot be done."""
    if "--once" in arguments and (group := os.environ.get("AZURE_RESOURCE_GROUP")):
        sys.stdout.write(f"{group} is there. To run the bootstrap again: python infra/bootstrap.py\n")
        return 0
    try:
        outputs = deploy(os.environ)
        for name, value in outputs.items():
            sys.stdout.write(f"{name}={value}\n")
            if "--once" in arguments:
                subprocess.run([program("azd"), "env", "set", name, value], check=True)  # noqa: S603  azd, which called us
    except subprocess.CalledProcessError:
        sys.stderr.write("The bootstrap was not run: see above.\n")
        return 1
    except LookupError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
