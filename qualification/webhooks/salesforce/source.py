"""Salesforce: outbound messages of a flow or a workflow rule.

Salesforce SOAP API Developer Guide, "Understanding the Outbound Messaging WSDL" (body, acknowledgement), "Understanding
Notifications" (batches, repeats, 24 hours) and "Considerations for Security" (organization id, client certificate);
Salesforce Help, "Considerations for Outbound Messages" (60 seconds). App Service hands a client certificate on in
X-ARR-ClientCert (Microsoft Learn, "Configure TLS mutual authentication").
"""

import base64
import binascii
import hashlib
from collections.abc import Sequence

from qualification.domain.errors import Fault, SenderNotProven, UnreadableBody
from qualification.webhooks.mapping import mapped
from qualification.webhooks.salesforce.broken_message import organization_in
from qualification.webhooks.salesforce.outbound_message import Notification, parse_message
from qualification.webhooks.salesforce.replies import REPLIES
from qualification.webhooks.salesforce.sample import SAMPLE
from qualification.webhooks.salesforce.settings import SalesforceSettings
from qualification.webhooks.shared_secret import SCHEME, SharedSecret
from qualification.webhooks.source import Delivery, Notice, Source, Unrelated

CERTIFICATE = "x-arr-clientcert"
DISTINCT = 15
"""Characters of an organization id that count; three more are a checksum of their case ("ID Field Type")."""


class Salesforce(Source):
    """The `salesforce` source.

    Args:
        settings: secrets in the URL, organization ids, the mapping from field names, and thumbprints of the client
            certificate if one is asked for.
    """

    name = "salesforce"
    largest_body = 4 * 1024 * 1024
    replies = REPLIES
    scheme = SCHEME
    sample = SAMPLE
    settings = SalesforceSettings

    def __init__(self, settings: SalesforceSettings) -> None:
        self._secret = SharedSecret(self.name, settings.secrets)
        self._organizations = {organization[:DISTINCT] for organization in settings.organizations}
        self._thumbprints = frozenset(settings.thumbprints)
        self._fields = settings.fields

    def prove(self, delivery: Delivery) -> None:
        """Make sure that the sender knows the secret in the URL and, if one is asked for, has the certificate."""
        self._secret.prove(delivery)
        if self._thumbprints and not _thumbprints(delivery.headers.get(CERTIFICATE, "")) & self._thumbprints:
            raise SenderNotProven("The client certificate is missing, or none of WEBHOOK_SALESFORCE_THUMBPRINTS.")

    def read(self, delivery: Delivery) -> Sequence[Notice | Unrelated]:
        """Every notification in the message, once its organization is known to be one of ours."""
        try:
            message = parse_message(delivery.body)
        except UnreadableBody:
            # The secret has proven the sender; another organization is refused also where no more than that can be read.
            self._check(organization_in(delivery.body))
            raise
        self._check(message.organization)
        if not message.notifications:
            raise UnreadableBody("The message has no Notification.")
        return [self._event(notification) for notification in message.notifications]

    def _check(self, organization: str | None) -> None:
        if organization is not None and organization[:DISTINCT] not in self._organizations:
            raise SenderNotProven("OrganizationId is none of WEBHOOK_SALESFORCE_ORGANIZATIONS.")

    def _event(self, notification: Notification) -> Notice | Unrelated:
        if notification.id is None:
            return Notice(notification.digest, {}, (Fault("", "A Notification has no Id of Salesforce's form."),))
        found = mapped(notification.fields, self._fields)
        return Unrelated() if found is None else Notice(notification.id, *found)


def _thumbprints(certificate: str) -> set[str]:
    """SHA-1 and SHA-256 of a certificate in base64 (DER)."""
    try:
        der = base64.b64decode(certificate, validate=True)
    except (binascii.Error, ValueError):
        return set()
    # SHA-1 names a certificate in Windows and Azure; that it is this certificate TLS has shown.
    sha1 = hashlib.sha1(der, usedforsecurity=False).hexdigest().upper()
    return {sha1, hashlib.sha256(der).hexdigest().upper()} if der else set()
