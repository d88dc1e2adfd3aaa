"""HubSpot's request signatures ("Validating requests", sections on versions 3 and 2). Pure."""

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import datetime, timedelta

TOLERANCE = timedelta(minutes=5)
MILLISECONDS = re.compile(r"[0-9]{13}", re.ASCII)
"""Thirteen digits until the year 2286; ten would be seconds."""

DECODED = {
    "3A": ":",
    "2F": "/",
    "3F": "?",
    "40": "@",
    "21": "!",
    "24": "$",
    "27": "'",
    "28": "(",
    "29": ")",
    "2A": "*",
    "2C": ",",
    "3B": ";",
}
"""The twelve percent-codes that HubSpot decodes before it signs a URL (version 3); all others stay."""
_CODES = re.compile(f"%({'|'.join(DECODED)})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Signed:
    """What a signature covers: the method, the URL as HubSpot knows it, and the raw body."""

    method: str
    url: str
    body: bytes


def decoded(url: str) -> str:
    """The URL as version 3 signs it."""
    return _CODES.sub(lambda code: DECODED[code[1].upper()], url)


def signature_v3(secret: bytes, signed: Signed, timestamp: str) -> bytes:
    """Base64 of HMAC-SHA256 over method, URL, body and timestamp (X-HubSpot-Signature-v3)."""
    message = f"{signed.method}{decoded(signed.url)}".encode() + signed.body + timestamp.encode()
    return base64.b64encode(hmac.digest(secret, message, hashlib.sha256))


def signature_v2(secret: bytes, signed: Signed) -> bytes:
    """Hexadecimal SHA-256 over secret, method, URL and body (X-HubSpot-Signature); it never expires."""
    message = secret + f"{signed.method}{signed.url}".encode() + signed.body
    return hashlib.sha256(message).hexdigest().encode()


def is_signed_v3(shown: str, secret: bytes, signed: Signed, timestamp: str) -> bool:
    """Whether this secret made the signature that was shown, compared in constant time."""
    return hmac.compare_digest(signature_v3(secret, signed, timestamp), shown.encode(errors="replace"))


def is_signed_v2(shown: str, secret: bytes, signed: Signed) -> bool:
    """The same for version 2."""
    return hmac.compare_digest(signature_v2(secret, signed), shown.encode(errors="replace"))


def is_fresh(timestamp: str, now: datetime) -> bool:
    """Whether a timestamp (milliseconds since 1970) is within five minutes of `now`, either way."""
    if not MILLISECONDS.fullmatch(timestamp):
        return False
    return abs(now.timestamp() * 1000 - int(timestamp)) <= TOLERANCE / timedelta(milliseconds=1)
