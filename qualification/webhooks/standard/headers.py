"""The three headers of a signed webhook, as the library takes them. Pure.

Standard Webhooks specification, "Webhook metadata" and "Signature scheme"; Svix's own senders use names of their own
("Verifying webhooks", Svix documentation). Libraries in Go, JavaScript and Rust pass over signatures that cannot be read.
"""

import re
from collections.abc import Mapping

from qualification.domain.errors import SenderNotProven

ID, TIMESTAMP, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"
OLDER_NAMES = {name: name.replace("webhook-", "svix-") for name in (ID, TIMESTAMP, SIGNATURE)}
SECONDS = re.compile(r"[0-9]{1,12}", re.ASCII)
VERSION_1 = re.compile(r"(?<![^\s,])v1,[A-Za-z0-9+/]{43}=(?![^\s,])")
"""Base64 of the 32 bytes of an HMAC-SHA256, between blanks; or commas, by which several header lines of one name are joined
(RFC 9110, 5.3), some servers without a blank."""


def is_signed(headers: Mapping[str, str]) -> bool:
    """Whether there is a signature at all, good or not."""
    return SIGNATURE in headers or OLDER_NAMES[SIGNATURE] in headers


def signed_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Id, timestamp and the signatures that can be read, under the specification's names.

    Raises:
        SenderNotProven: one is missing, or is none.
    """
    names = OLDER_NAMES if SIGNATURE not in headers and OLDER_NAMES[SIGNATURE] in headers else {}
    found = {name: headers.get(names.get(name, name), "") for name in (ID, TIMESTAMP, SIGNATURE)}
    if missing := [name for name, value in found.items() if not value]:
        raise SenderNotProven(f"The webhook is not signed: {', '.join(missing)} missing.")
    if not SECONDS.fullmatch(found[TIMESTAMP]):
        raise SenderNotProven(f"{TIMESTAMP} must be a number of seconds since 1970, in digits.")
    readable = VERSION_1.findall(found[SIGNATURE])
    if not readable:
        raise SenderNotProven(f"{SIGNATURE} has no signature of the form v1,BASE64.")
    return found | {SIGNATURE: " ".join(readable)}
