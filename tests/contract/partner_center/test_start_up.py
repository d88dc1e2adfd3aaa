"""What importing the client costs: nothing of HTTP or Azure, so that a cold webhook does not pay for it."""

import subprocess
import sys

PROGRAM = """
import sys
import qualification.partner_center.client, qualification.partner_center.opening
print(sorted({"aiohttp", "azure", "httpx"} & set(sys.modules)))
"""


def test_importing_the_client_loads_no_http_and_no_azure() -> None:
    """They are loaded at the first call, or with what is opened."""
    answer = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)  # noqa: S603  our own program
    assert answer.stdout == "[]\n"
