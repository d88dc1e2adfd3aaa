"""What each step of a request costs in transactions, calls, messages and log lines; a test counts it in the real service."""

from dataclasses import dataclass

from qualification.domain.request import Qualification
from qualification.stores.keys import SHARDS
from qualification.stores.rows import MAX_CHANGES, PAGE

RECORD_BYTES = 3_800
"""A finished record in Table Storage, which keeps text as UTF-16, with its keys and its next work item."""

LOG_ROW_BYTES = 1_000
"""A row of any log table as Azure Monitor bills it. Assumed."""

SPANS_A_SECOND = 5
"""Traces that azure-monitor-opentelemetry keeps by default, by process (its configuration, version 1.8)."""

SPANS_A_TRANSACTION = 2
"""One of the SDK's method and one of its HTTP call, before the sampling."""

MESSAGE_OPERATIONS = 3
"""Send, receive, complete."""

READS_A_SCAN = len(SHARDS)
"""A run asks each shard for due work, page by page; an empty page is an answer too."""

LOOKS_A_TRANSACTION = MAX_CHANGES // 3
"""Looks without news that are stored together: each replaces the record and its work item."""

LOOKS_A_PAGE = PAGE


@dataclass(frozen=True, slots=True)
class Step:
    """What one step costs.

    Attributes:
        transactions: of Table Storage, each an HTTP call.
        entities: rows read, or changed by them.
        calls: to Partner Center.
        messages: put on the queue.
        events: put on the topic.
        lines: of the log.
    """

    transactions: int
    entities: int
    calls: int = 0
    messages: int = 0
    events: int = 0
    lines: int = 0


ACCEPT = Step(transactions=1, entities=4, messages=1, lines=1)
"""Stores record, guard, work item and what is kept of the customer, in one transaction that fails where the event came before."""

SUBMIT = {
    each: Step(transactions=6, entities=18, calls=calls, events=1, lines=2)
    for each, calls in (
        (Qualification.EDUCATION, 2),
        (Qualification.GOVERNMENT_COMMUNITY_CLOUD, 3),
        (Qualification.STATE_OWNED_ENTITY, 2),
    )
}
"""Reads the customer's rows and the hold, looks, claims, sends, reads the rows again, stores the answer, tells it; in either mode.

For a government request a validation code is taken from Partner Center, a third call. The hold is read at most every five
seconds; here each submission reads it.
"""

LOOK = Step(transactions=1, entities=6, calls=1)
"""Reads the customer's rows and changes three; those changes share transactions with other looks."""

NEWS = Step(transactions=3, entities=4, events=1, lines=1)
"""What a look costs more when it ends in news: it is stored by itself and told."""
