r"""Half a character: a surrogate whose other half is missing, as where a CRM cuts a text in the middle of an emoji.

JSON writes such a half as an escape (`\ud83d`), and no UTF-8 can hold it (RFC 8259, 8.2).
"""

import re

HALF = re.compile("[\ud800-\udfff]")
"""Python joins two escapes that belong together, so whatever is left stands alone."""


def half_character(text: str) -> str | None:
    """What to say of a text that holds half a character, and where; None of any other text."""
    found = HALF.search(text)
    return (
        f"holds half a character at position {found.start()}: it was cut in the middle of an emoji" if found else None
    )
