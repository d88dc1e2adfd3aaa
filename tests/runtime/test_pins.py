"""What these tests run is what is deployed."""

import re
import sys
import sysconfig
from importlib.metadata import distribution, version
from pathlib import Path

import pytest

from tests.runtime.worker import ROOT

PINS = dict(
    re.findall(r"^([A-Za-z0-9._-]+)==([^\s;]+)", (ROOT / "requirements.txt").read_text(encoding="utf-8"), re.MULTILINE)
)
PACKAGED = ROOT / ".python_packages" / "lib" / "site-packages"
"""Where Azure's runtime looks for packages; there are some where the tests run on the package (make test-package)."""
RUN_BY_AZURE = (
    "azure-functions",
    "azure-functions-runtime",
    "azure-servicebus",
    "azurefunctions-extensions-base",
    "pydantic",
    "werkzeug",
)


@pytest.mark.parametrize("name", RUN_BY_AZURE)
def test_the_installed_version_is_the_pinned_one(name: str) -> None:
    """Azure runs the runtime build that requirements.txt names ("Runtime version control", Azure Functions)."""
    assert version(name) == PINS[name]


@pytest.mark.parametrize("name", RUN_BY_AZURE)
def test_what_is_packaged_is_what_runs(name: str) -> None:
    """Beside a package, its dependencies and no others; else those of the virtual environment."""
    expected = PACKAGED if PACKAGED.is_dir() else Path(sysconfig.get_path("purelib"))
    assert Path(str(distribution(name).locate_file(""))).resolve() == expected.resolve()


def test_the_interpreter_is_the_one_that_is_deployed() -> None:
    """.python-version, the project file and this interpreter agree."""
    assert (ROOT / ".python-version").read_text().strip() == f"{sys.version_info[0]}.{sys.version_info[1]}"
