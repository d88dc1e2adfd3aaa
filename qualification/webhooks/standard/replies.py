"""How a sender of Standard Webhooks is answered (Standard Webhooks specification, "Webhook response").

It reads the answer itself, so nobody else is alerted to bad data.
"""

from qualification.webhooks.reply import Body, Outcome, Replies, Reply

REPLIES: Replies = {
    Outcome.ACCEPTED: Reply(202, Body.STATUS),
    Outcome.NOT_PROVEN: Reply(401, Body.PROBLEM),
    Outcome.UNRELATED: Reply(204),
    Outcome.REJECTED: Reply(422, Body.PROBLEM),
    Outcome.UNREADABLE: Reply(422, Body.PROBLEM),
    Outcome.UNAVAILABLE: Reply(503, Body.PROBLEM, retry_after=True),
}
