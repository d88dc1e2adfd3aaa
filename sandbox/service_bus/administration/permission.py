"""Who may administer: the holder of a key with the right Manage, proven by a shared access signature.

https://learn.microsoft.com/azure/service-bus-messaging/service-bus-sas
"""

import hashlib
import hmac
import time
from base64 import b64encode
from urllib.parse import unquote, unquote_plus

MANAGER = "RootManageSharedAccessKey"
"""The policy with the right Manage; keys of every other name may send and listen."""
KEY = "c2FuZGJveA=="
"""The key of every policy: it proves nothing, because everybody can read it here."""
_SCHEME = "SharedAccessSignature "


class NotAuthorizedError(Exception):
    """The caller has not proven who it is, or lacks a right; the text is what it is told."""


def policy(authorization: str) -> str:
    """The name of the policy that a request's `Authorization` header proves.

    Raises:
        NotAuthorizedError: there is no signature, or it is wrong or out of date.
    """
    if not authorization.startswith(_SCHEME):
        raise NotAuthorizedError("MissingToken: The request carries no shared access signature.")
    fields = dict(part.partition("=")[::2] for part in authorization.removeprefix(_SCHEME).split("&"))
    signed = f"{fields.get('sr', '')}\n{fields.get('se', '')}".encode()
    expected = b64encode(hmac.digest(KEY.encode(), signed, hashlib.sha256))
    # A client may write the plus of Base64 as it is.
    if not hmac.compare_digest(expected, unquote(fields.get("sig", "")).encode()):
        raise NotAuthorizedError("InvalidSignature: The token has an invalid signature.")
    if not fields["se"].isdecimal() or int(fields["se"]) < time.time():
        raise NotAuthorizedError("ExpiredToken: The token is expired.")
    return unquote_plus(fields.get("skn", ""))
