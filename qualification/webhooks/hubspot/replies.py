"""How HubSpot is answered (HubSpot developer documentation, "Using webhooks in workflows").

It reads Retry-After as milliseconds, so it is sent none.
"""

from qualification.webhooks.reply import Body, Outcome, Replies, Reply

REPLIES: Replies = {
    Outcome.ACCEPTED: Reply(200, Body.STATUS),
    Outcome.NOT_PROVEN: Reply(401, Body.PROBLEM),
    Outcome.UNRELATED: Reply(200),
    Outcome.REJECTED: Reply(422, Body.PROBLEM, attention=True),
    Outcome.UNREADABLE: Reply(422, Body.PROBLEM, attention=True),
    Outcome.UNAVAILABLE: Reply(503, Body.PROBLEM),
}
