"""Asks for the qualifications in a CSV file: `python3 spreadsheet.py customers.csv`. The standard library is enough."""  # noqa: INP001  it runs where it lies

import csv
import hashlib
import io
import json
import os
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path

SECONDS = 60
"""So long a row may take."""


def ask(row: Mapping[str, str]) -> tuple[int, str]:
    """Ask for one row; the status of the answer, and what it says."""
    content = {"qualification": row["qualification"].strip()}
    if content["qualification"] == "Education":
        optional = {"educationSegment": row.get("segment"), "website": row.get("website")}
        content |= {name: value.strip() for name, value in optional.items() if value and value.strip()}
    body = json.dumps(content).encode()
    tenant = row["tenantId"].strip()
    call = urllib.request.Request(  # noqa: S310  the URL is the caller's own
        f"{os.environ['SERVICE_APP_URL'].rstrip('/')}/api/customers/{tenant}/qualifications",
        data=body,
        headers={
            "Content-Type": "application/json",
            # The same row again is the same request, and a row that was changed is another one.
            "Idempotency-Key": f"sheet-{hashlib.sha256(tenant.encode() + body).hexdigest()}",
            "x-functions-key": os.environ["SERVICE_KEY"],
        },
    )
    try:
        with urllib.request.urlopen(call, timeout=SECONDS) as answer:  # noqa: S310  as above
            return answer.status, json.load(answer)["status"]
    except urllib.error.HTTPError as error:
        return error.code, explained(error.read())
    except (urllib.error.URLError, TimeoutError) as error:
        return 0, f"no answer: {error}"


def explained(body: bytes) -> str:
    """What a refusal says, in one line; it may have no body."""
    try:
        problem = json.loads(body)
    except ValueError:
        return "the key is missing or wrong"
    faults = [f"{fault['pointer'].removeprefix('/')} {fault['detail']}" for fault in problem.get("errors", ())]
    return "; ".join(faults) or problem["detail"]


def main() -> int:
    """Ask for every row of the file; 1 if some were refused."""
    text = Path(sys.argv[1]).read_text(encoding="utf-8-sig")
    separator = ";" if ";" in text.partition("\n")[0] else ","
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=separator)
    if not {"tenantId", "qualification"} <= set(rows.fieldnames or ()):
        sys.exit("The first line must name the columns: tenantId, qualification, segment, website.")
    refused = 0
    for row in rows:
        status, words = ask(row)
        refused += status != 202  # noqa: PLR2004  Accepted
        print(row["tenantId"], status, words)  # noqa: T201  its output is print
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main())
