"""The version that each row with a document begins with. Pure."""

import re

VERSION = 1
"""It rises only where an older version would act wrongly on such a row."""

WRITTEN_BY = re.compile(r'\{"version":(\d+)[,}]')


def versioned(text: str) -> str:
    """A JSON object with the version as its first member."""
    members = text[1:]
    return f'{{"version":{VERSION}{members if members == "}" else "," + members}'


def check_version(text: str) -> None:
    """Make sure that this version may act on a row.

    Raises:
        ValueError: a newer version wrote it, or one that wrote none.
    """
    found = WRITTEN_BY.match(text)
    if found is None or int(found[1]) > VERSION:
        raise ValueError("written by another version of this service")
