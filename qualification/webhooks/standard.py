"""Any sender that signs as Standard Webhooks 1.0 says: Power Automate, n8n, Zapier, own code.

Headers webhook-id, webhook-timestamp and webhook-signature; HMAC-SHA256; five minutes of tolerance (Standard Webhooks
specification, "Webhook metadata" and "Signature scheme").
"""

import binascii
from collections.abc import Sequence

from qualification.errors import SenderNotProven, SourceNotConfigured
from qualification.json_body import json_object
from qualification.settings import SourceSettings
from qualification.webhooks.mapping import mapped
from qualification.webhooks.source import Delivery, Notice


class Standard:
    """The `standard` source.

    Args:
        settings: one secret, or several while one is being rotated (`whsec_` and base64).

    Raises:
        ValueError: a secret is not base64.
    """

    def __init__(self, settings: SourceSettings) -> None:
        from standardwebhooks.webhooks import Webhook  # noqa: PLC0415  only a webhook pays for it, not indexing

        try:
            self._verifiers = [Webhook(secret.get_secret_value()) for secret in settings.secrets]
        except Exception:  # noqa: BLE001  the library has several; none may carry the secret any further
            raise ValueError("holds a secret that is not whsec_ and base64") from None
        self._fields = settings.fields

    def prove(self, delivery: Delivery) -> None:
        """Make sure that one of the secrets signed this id, this time and these bytes."""
        from standardwebhooks.webhooks import WebhookVerificationError  # noqa: PLC0415  see above

        if not self._verifiers:
            raise SourceNotConfigured("No secret is set for the source standard (WEBHOOK_STANDARD_SECRETS).")
        reason = "no signature matches"
        for verifier in self._verifiers:
            try:
                verifier.verify(delivery.body, dict(delivery.headers), json_parse=False)
            except WebhookVerificationError as error:
                reason = str(error)
            except (ValueError, TypeError, binascii.Error):
                # The library trips over a signature that is not "v1,base64", or a body that is not UTF-8.
                reason = "malformed signature"
            else:
                return
        raise SenderNotProven(f"The webhook's signature was not accepted: {reason}.")

    def read(self, delivery: Delivery) -> Sequence[Notice]:
        """The one request in the body."""
        event_id = delivery.headers["webhook-id"]
        return [Notice(event_id, mapped(json_object(delivery.body), self._fields))]
