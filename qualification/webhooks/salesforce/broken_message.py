"""What can be told of an outbound message whose XML is not well-formed.

Text that somebody has pasted into a record brings control characters and entities of HTML (`&semi;`) along. Salesforce shows
the answer to nobody, so an alert must say which records to look at.
"""

import re
from xml.etree.ElementTree import ParseError
from xml.parsers.expat import ErrorString

RECORD_ID = re.compile(r"[A-Za-z0-9]{15}([A-Za-z0-9]{3})?")
MOST = 10
"""Records that an alert names."""
_IDS = re.compile(rf"<(?:[A-Za-z]+:)?Id>\s*({RECORD_ID.pattern})\s*<".encode())
_ORGANIZATION = re.compile(rf"<OrganizationId>\s*({RECORD_ID.pattern})\s*<".encode())
NOTIFICATION = "04l"
"""What the ids of notifications begin with; all others are of records."""


def not_well_formed(error: ParseError, body: bytes) -> tuple[str, str | None]:
    """What to say, and what stands for the message however often it comes again."""
    line, column = error.position
    ids = dict.fromkeys(found[1].decode() for found in _IDS.finditer(body))
    notifications = [each for each in ids if each.startswith(NOTIFICATION)]
    records = [each for each in ids if not each.startswith(NOTIFICATION)]
    more = f" and {len(records) - MOST} more" if len(records) > MOST else ""
    about = f" It is about {', '.join(records[:MOST])}{more}." if records else ""
    text = (
        f"The XML is not well-formed: {ErrorString(error.code)} at line {line}, column {column + 1}. A text in a record holds "
        f"what XML does not allow, such as a control character: correct it in Salesforce.{about}"
    )
    return text, f"unreadable:{notifications[0]}" if notifications else None


def organization_in(body: bytes) -> str | None:
    """The organization that a message names whose XML cannot be read; None where none is to be found."""
    found = _ORGANIZATION.search(body)
    return found[1].decode() if found else None
