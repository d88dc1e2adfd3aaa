"""Any sender that signs as Standard Webhooks 1.0 says: Power Automate, n8n, Zapier, own code.

Headers webhook-id, webhook-timestamp and webhook-signature; HMAC-SHA256; five minutes of tolerance (Standard Webhooks
specification, "Webhook metadata" and "Signature scheme").
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from qualification.domain.errors import SenderNotProven, SourceNotConfigured
from qualification.domain.json_body import LARGEST_BODY, json_object
from qualification.webhooks.reading import Reading
from qualification.webhooks.security_scheme import SecurityScheme
from qualification.webhooks.shared_secret import SharedSecret
from qualification.webhooks.source import About, Delivery, Notice, Source, Unrelated, Withdrawn
from qualification.webhooks.standard.headers import ID, SIGNATURE, is_signed, signed_headers
from qualification.webhooks.standard.replies import REPLIES
from qualification.webhooks.standard.sample import SAMPLE
from qualification.webhooks.standard.settings import StandardSettings


class Standard(Source):
    """The `standard` source.

    Args:
        settings: one secret, or several while one is being rotated (`whsec_` and base64); a mapping for senders that
            cannot name the fields as this service does; a header for those that cannot sign.
    """

    name = "standard"
    largest_body = LARGEST_BODY
    replies = REPLIES
    scheme = SecurityScheme(
        name="webhookSignature",
        header=SIGNATURE,
        description=(
            "HMAC-SHA256 over webhook-id, webhook-timestamp and the body (Standard Webhooks 1.0); or the secret itself in "
            "the header that WEBHOOK_STANDARD_HEADER names, where it is set"
        ),
        beside=("webhook-id", "webhook-timestamp"),
    )
    sample = SAMPLE
    settings = StandardSettings

    def __init__(self, settings: StandardSettings) -> None:
        self._verifiers = [Webhook(secret.get_secret_value()) for secret in settings.secrets]
        self._reading = Reading(settings.fields)
        self._header = settings.header
        self._shown = SharedSecret(self.name, settings.secrets, header=settings.header or "", parameter=None)

    def prove(self, delivery: Delivery) -> None:
        """Make sure that one of the secrets signed this id, this time and these bytes, or stands in the header for it.

        A call that is signed is judged by its signature.
        """
        if not self._verifiers:
            raise SourceNotConfigured("No secret is set for the source standard (WEBHOOK_STANDARD_SECRETS).")
        if self._header in delivery.headers and not is_signed(delivery.headers):
            self._shown.prove(delivery)
            return
        headers = signed_headers(delivery.headers)
        reason = "no signature matches"
        for verifier in self._verifiers:
            try:
                verifier.verify(delivery.body, headers, json_parse=False)
            except WebhookVerificationError as error:
                reason = str(error)
            except ValueError:
                reason = "the body is not UTF-8"
            else:
                return
        raise SenderNotProven(f"The webhook's signature was not accepted: {reason}.")

    def read(self, delivery: Delivery) -> Sequence[Notice | Withdrawn | Unrelated]:
        """The one request in the body; without a mapping the body is taken as it is."""
        headers = delivery.headers
        event_id = signed_headers(headers)[ID] if is_signed(headers) else headers.get(ID)
        mapped = bool(self._reading.rules)
        body, about = json_object(delivery.body, whole=not mapped), About(named=bool(event_id))
        if not mapped:
            return [Notice(event_id or _digest(body), body, about=about)]
        found = self._reading.content(body)
        if found is None:
            return [self._reading.without_mark(body, about)]
        return [self._reading.notice(body, event_id or _digest(found[0]), about, found)]


def _digest(content: Mapping[str, Any]) -> str:
    """Whoever cannot sign may not be able to name the event either: what stands for one in an alert."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
