"""Azure and Partner Center on one machine, for running and testing the service; never deployed."""

import sys

from sandbox.azure import sign_of_azure

# Every command of the sandbox, and everything that uses a part of it, comes by here first.
if _sign := sign_of_azure():
    sys.stderr.write(f"{_sign}\n")
    sys.exit(2)
