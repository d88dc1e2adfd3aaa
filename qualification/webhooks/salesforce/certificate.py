"""The client certificate that App Service hands on (Microsoft Learn, "Configure TLS mutual authentication")."""

import base64
import binascii
import hashlib
from collections.abc import Set as AbstractSet
from datetime import datetime

from qualification.domain.errors import SenderNotProven

CERTIFICATE = "x-arr-clientcert"
"""Header with the certificate as base64 of its DER form; TLS has shown that the sender holds its key."""
_REFUSED = "The client certificate is missing, not valid now, or none of WEBHOOK_SALESFORCE_THUMBPRINTS."


def prove_certificate(shown: str, thumbprints: AbstractSet[str], now: datetime) -> None:
    """Make sure that a certificate is one of those that are known, and valid now.

    Args:
        shown: the header.
        thumbprints: SHA-1 or SHA-256 of those that are accepted, in capitals.
        now: when the call arrived (aware UTC).

    Raises:
        SenderNotProven: it is missing, none, another one, or not valid at this moment.
    """
    from cryptography.x509 import load_der_x509_certificate  # noqa: PLC0415  only who asks for certificates pays for it

    try:
        der = base64.b64decode(shown, validate=True)
        certificate = load_der_x509_certificate(der)
    except (binascii.Error, ValueError):
        raise SenderNotProven(_REFUSED) from None
    # SHA-1 names a certificate in Windows and Azure; that it is this certificate TLS has shown.
    known = {hashlib.sha1(der, usedforsecurity=False), hashlib.sha256(der)}
    if not {digest.hexdigest().upper() for digest in known} & thumbprints:
        raise SenderNotProven(_REFUSED)
    if not certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc:
        raise SenderNotProven(_REFUSED)
