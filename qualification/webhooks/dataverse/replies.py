"""How Dataverse is answered (Microsoft Learn, "Use webhooks to create external handlers for server events")."""

from qualification.webhooks.reply import Body, Outcome, Replies, Reply

REPLIES: Replies = {
    Outcome.ACCEPTED: Reply(202, Body.STATUS),
    Outcome.NOT_PROVEN: Reply(401, Body.PROBLEM),
    Outcome.UNRELATED: Reply(204),
    Outcome.REJECTED: Reply(422, Body.PROBLEM, attention=True),
    Outcome.UNREADABLE: Reply(422, Body.PROBLEM, attention=True),
    Outcome.UNAVAILABLE: Reply(503, Body.PROBLEM),
}
