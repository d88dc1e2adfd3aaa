"""A secret that the sender shows, for CRMs that sign nothing: in the URL (`?code=`) or in a header."""

import hashlib
import hmac
import re
from collections.abc import Sequence
from typing import Annotated
from urllib.parse import parse_qsl, urlsplit

from pydantic import SecretStr

from qualification.domain.errors import SenderNotProven, SourceNotConfigured
from qualification.settings.environment import SettingFault
from qualification.webhooks.security_scheme import SecurityScheme
from qualification.webhooks.setting_types import parse_secrets, parsed
from qualification.webhooks.source import Delivery

PARAMETER = "code"
HEADER = "x-webhook-secret"
STRONG = re.compile(r"[A-Za-z0-9._~-]{24,256}")
"""Long enough not to be guessed, and the same in a URL whoever encodes it (RFC 3986, "Unreserved Characters")."""
SCHEME = SecurityScheme(
    name="webhookSecretHeader",
    header=HEADER,
    description=f"a shared secret, or as ?{PARAMETER}= in the URL",
    or_query=True,
)


def _url_secrets(text: str) -> tuple[SecretStr, ...]:
    found = parse_secrets(text)
    if not all(STRONG.fullmatch(secret.get_secret_value()) for secret in found):
        raise SettingFault("must be secrets of 24 to 256 letters, digits, '-', '.', '_' or '~', with commas between")
    return found


type UrlSecrets = Annotated[tuple[SecretStr, ...], parsed(_url_secrets)]
"""Secrets that may stand in a URL, as a setting."""


class SharedSecret:
    """Knows one secret, or several while one is rotated.

    Args:
        source: the CRM, for messages.
        secrets: those that are good.
        header: the header that carries one, in lower case.
        parameter: the parameter of the URL that may carry it instead, if one may.
    """

    def __init__(
        self, source: str, secrets: Sequence[SecretStr], *, header: str = HEADER, parameter: str | None = PARAMETER
    ) -> None:
        self._header, self._parameter = header, parameter
        self._setting = f"WEBHOOK_{source.upper()}_SECRETS"
        self._source = source
        self._digests = [_digest(secret.get_secret_value()) for secret in secrets]

    def prove(self, delivery: Delivery) -> None:
        """Make sure that the sender knows a secret.

        Raises:
            SenderNotProven: it showed none, several, or a wrong one.
            SourceNotConfigured: there is none to be known.
        """
        if not self._digests:
            raise SourceNotConfigured(f"No secret is set for the source {self._source} ({self._setting}).")
        query = parse_qsl(urlsplit(delivery.url).query, keep_blank_values=True)
        shown = [value for name, value in query if name == self._parameter]
        if self._header in delivery.headers:
            shown.append(delivery.headers[self._header])
        if len(shown) != 1:
            in_url = f"?{self._parameter}= in its URL, or " if self._parameter else ""
            raise SenderNotProven(f"The call must carry one secret: {in_url}the header {self._header}.")
        digest = _digest(shown[0])
        # Digests are of one length, and all of them are compared: the time taken shows nothing of a secret.
        if not any([hmac.compare_digest(digest, good) for good in self._digests]):  # noqa: C419  as above
            raise SenderNotProven("The secret in the call was not accepted.")


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode(errors="surrogatepass")).digest()
