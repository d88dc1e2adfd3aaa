"""How Salesforce is answered.

Salesforce SOAP API Developer Guide, "Understanding Notifications"; Salesforce Help, "Considerations for Outbound
Messages".
"""

from qualification.webhooks.reply import Body, Outcome, Replies, Reply, Text

ACKNOWLEDGEMENT = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body>'
    '<notificationsResponse xmlns="http://soap.sforce.com/2005/09/outbound"><Ack>true</Ack></notificationsResponse>'
    "</soapenv:Body></soapenv:Envelope>"
)
"""Takes all notifications of a message off Salesforce's queue; as in the WSDL that Salesforce generates."""

_ACK = Text(ACKNOWLEDGEMENT, "text/xml")

REPLIES: Replies = {
    Outcome.ACCEPTED: Reply(200, _ACK),
    Outcome.NOT_PROVEN: Reply(401, Body.PROBLEM),
    Outcome.UNRELATED: Reply(200, _ACK),
    Outcome.REJECTED: Reply(200, _ACK, attention=True),
    # Up to a hundred notifications may be good: Salesforce keeps them for a day, and sends the records as they are then.
    Outcome.UNREADABLE: Reply(422, Body.PROBLEM, attention=True),
    Outcome.UNAVAILABLE: Reply(503, Body.PROBLEM),
}
