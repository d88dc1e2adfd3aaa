"""Any sender that signs as Standard Webhooks 1.0 says: Power Automate, n8n, Zapier, own code.

Headers webhook-id, webhook-timestamp and webhook-signature; HMAC-SHA256; five minutes of tolerance (Standard Webhooks
specification, "Webhook metadata" and "Signature scheme").
"""

from collections.abc import Sequence

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from qualification.domain.errors import SenderNotProven, SourceNotConfigured
from qualification.domain.json_body import LARGEST_BODY, json_object
from qualification.webhooks.mapping import mapped
from qualification.webhooks.security_scheme import SecurityScheme
from qualification.webhooks.source import Delivery, Notice, Source, Unrelated
from qualification.webhooks.standard.headers import ID, signed_headers
from qualification.webhooks.standard.replies import REPLIES
from qualification.webhooks.standard.sample import SAMPLE
from qualification.webhooks.standard.settings import StandardSettings


class Standard(Source):
    """The `standard` source.

    Args:
        settings: one secret, or several while one is being rotated (`whsec_` and base64); a mapping for senders that
            cannot name the fields as this service does.
    """

    name = "standard"
    largest_body = LARGEST_BODY
    replies = REPLIES
    scheme = SecurityScheme(
        name="webhookSignature",
        header="webhook-signature",
        description="HMAC-SHA256 over webhook-id, webhook-timestamp and the body (Standard Webhooks 1.0)",
        beside=("webhook-id", "webhook-timestamp"),
    )
    sample = SAMPLE
    settings = StandardSettings

    def __init__(self, settings: StandardSettings) -> None:
        self._verifiers = [Webhook(secret.get_secret_value()) for secret in settings.secrets]
        self._fields = settings.fields

    def prove(self, delivery: Delivery) -> None:
        """Make sure that one of the secrets signed this id, this time and these bytes."""
        if not self._verifiers:
            raise SourceNotConfigured("No secret is set for the source standard (WEBHOOK_STANDARD_SECRETS).")
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

    def read(self, delivery: Delivery) -> Sequence[Notice | Unrelated]:
        """The one request in the body; without a mapping the body is taken as it is."""
        event_id = signed_headers(delivery.headers)[ID]
        if not self._fields:
            return [Notice(event_id, json_object(delivery.body))]
        found = mapped(json_object(delivery.body, whole=False), self._fields)
        return [Unrelated() if found is None else Notice(event_id, *found)]
