"""One version everywhere."""

import re
import tomllib

from tests.unit.imports import ROOT


def test_the_version_is_the_same_everywhere() -> None:
    """In the package, in azd's template and as the newest section of the changelog."""
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    assert f"template: partner-qualifications@{version}\n" in (ROOT / "azure.yaml").read_text("utf-8")
    newest = re.search(r"^## \[(.+?)\]", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert newest
    assert newest[1] == version
