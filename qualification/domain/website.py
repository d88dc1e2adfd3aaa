"""A customer's website, in the form that Partner Center takes. Pure."""

import re

LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
WEBSITE = re.compile(rf"(?ai:(https?://)?({LABEL}\.)+{LABEL}(:\d{{1,5}})?)([/?#][^\s\x00-\x1f]*)?")
LONGEST = 2048
_HOST = re.compile(r"(?P<scheme>(?i:https?)://)?(?P<host>[^/?#:@\s]+)(?P<rest>[:/?#]\S*)?")

LEFT_OUT = "website left out: it is no host name or URL"
"""What the history says where a request goes without."""


def parse_website(text: str) -> str | None:
    """A host name or http(s) URL, national letters of the host in their ASCII form (IDNA); None for anything else.

    The website only speeds vetting up, so junk in the CRM's field keeps no request from being made.
    """
    text = text.strip()
    if not text.isascii() and (parts := _HOST.fullmatch(text)):
        host = _ascii(parts["host"]) if not parts["host"].isascii() else parts["host"]
        text = f"{parts['scheme'] or ''}{host}{parts['rest'] or ''}"
    return text if len(text) <= LONGEST and WEBSITE.fullmatch(text) else None


def _ascii(host: str) -> str:
    """The host in the form of IDNA 2008, after the mapping that browsers do (UTS 46); as it is where it has none."""
    import idna  # noqa: PLC0415  its tables are large, and few websites need them

    try:
        return idna.encode(host, uts46=True).decode()
    except idna.IDNAError:
        return host
