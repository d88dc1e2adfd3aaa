"""Salesforce: outbound messages of a flow or a workflow rule.

Salesforce SOAP API Developer Guide, "Understanding the Outbound Messaging WSDL" (body, acknowledgement), "Understanding
Notifications" (batches, repeats, 24 hours) and "Considerations for Security" (organization id, client certificate);
Salesforce Help, "Considerations for Outbound Messages" (60 seconds). App Service hands a client certificate on in
X-ARR-ClientCert (Microsoft Learn, "Configure TLS mutual authentication").
"""

from collections.abc import Sequence

from qualification.domain.caller import Caller, CallerKind
from qualification.domain.errors import SenderNotProven, UnreadableBody
from qualification.domain.request import Reference
from qualification.webhooks.reading import Reading
from qualification.webhooks.salesforce.broken_message import RECORD_ID, organization_in
from qualification.webhooks.salesforce.certificate import CERTIFICATE, prove_certificate
from qualification.webhooks.salesforce.outbound_message import Message, Notification, parse_message
from qualification.webhooks.salesforce.replies import REPLIES
from qualification.webhooks.salesforce.sample import SAMPLE
from qualification.webhooks.salesforce.settings import SalesforceSettings
from qualification.webhooks.shared_secret import SCHEME, SharedSecret
from qualification.webhooks.source import About, Delivery, Notice, Source, Unrelated, Withdrawn

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
        # Whoever fills in the message chooses its fields; an empty one may be nil or missing.
        self._reading = Reading(settings.fields, leaves_out_empty=True)

    def prove(self, delivery: Delivery) -> None:
        """Make sure that the sender knows the secret in the URL and, if one is asked for, has the certificate."""
        self._secret.prove(delivery)
        if self._thumbprints:
            prove_certificate(delivery.headers.get(CERTIFICATE, ""), self._thumbprints, delivery.at)

    def read(self, delivery: Delivery) -> Sequence[Notice | Withdrawn | Unrelated]:
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
        return [self._event(notification, message) for notification in message.notifications]

    def _check(self, organization: str | None) -> None:
        if organization is not None and organization[:DISTINCT] not in self._organizations:
            raise SenderNotProven("OrganizationId is none of WEBHOOK_SALESFORCE_ORGANIZATIONS.")

    def _event(self, notification: Notification, message: Message) -> Notice | Withdrawn | Unrelated:
        about = About(
            reference=_reference(notification, message.host),
            requested_by=Caller(kind=CallerKind.ORGANIZATION, id=message.organization),
            named=notification.id is not None,
        )
        return self._reading.event(notification.fields, notification.id or notification.digest, about)


def _reference(notification: Notification, host: str | None) -> Reference | None:
    record = notification.fields.get("Id") or ""
    if not RECORD_ID.fullmatch(record):
        return None
    return Reference(type=notification.type, id=record, url=f"https://{host}/{record}" if host else None)
