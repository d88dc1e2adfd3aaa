"""What waits, as an operator sees it on a terminal, and what --confirm does."""

import io
from datetime import timedelta
from uuid import UUID

from rich.console import Console

from qualification.commands.waiting import confirm_all, confirmable, document, table
from qualification.domain.caller import Caller, CallerKind
from qualification.domain.hold import Hold, Stop
from qualification.domain.record import Record
from qualification.domain.status import Status
from qualification.domain.waiting import Reason, WaitingRequest
from tests.unit.builders import CUSTOMER, NO_RELATIONSHIP, NOW, OTHER_CUSTOMER, REQUEST, order, row, wanted
from tests.unit.stage import Stage

OPERATOR = Caller(kind=CallerKind.COMMAND_LINE, id="anna")


def printed(found: list[WaitingRequest], hold: Hold | None = None) -> str:
    """On a terminal of 80 columns."""
    console = Console(file=io.StringIO(), width=80)
    console.print(table(found, hold or Hold(), NOW), crop=False)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


async def waits(stage: Stage, customer_id: UUID = CUSTOMER) -> Record:
    """For the customer's last attempt."""
    stage.partner_center.held[customer_id] = [
        row("Denied", created="2025-11-20T08:00:00Z"),
        row("Denied", created="2025-12-20T08:00:00Z"),
    ]
    record = await stage.accept(order(customer_tenant_id=customer_id))
    await stage.deliver()
    return record


async def test_what_waits_is_found_without_the_records(stage: Stage) -> None:
    """Whoever waits longest first; what waits for nothing is not there, nor what has gone on."""
    first = await waits(stage)
    stage.clock.advance(timedelta(hours=1))
    stage.partner_center.failing_reads[OTHER_CUSTOMER] = NO_RELATIONSHIP
    second = await stage.accept(order(customer_tenant_id=OTHER_CUSTOMER))
    await stage.deliver()
    found = await stage.store.waiting()
    assert [(each.request_id, each.reason) for each in found] == [
        (first.request_id, Reason.LAST_ATTEMPT),
        (second.request_id, Reason.CUSTOMER_UNREACHABLE),
    ]
    assert found[0].since == NOW
    await stage.service.decisions.cancel(CUSTOMER, first.request_id, OPERATOR, {})
    assert [each.request_id for each in await stage.store.waiting()] == [second.request_id]


async def test_confirming_all_confirms_what_waits_for_a_decision(stage: Stage) -> None:
    """As it was seen; causes end by themselves."""
    first = await waits(stage)
    stage.partner_center.failing_reads[OTHER_CUSTOMER] = NO_RELATIONSHIP
    await stage.accept(order(customer_tenant_id=OTHER_CUSTOMER))
    await stage.deliver()
    seen = await confirmable(stage.service, await stage.store.waiting())
    assert [each.waiting.request_id for each in seen] == [first.request_id]
    assert await confirm_all(stage.service, seen, OPERATOR) == []
    await stage.deliver()
    record = await stage.stored(first)
    assert record.status is Status.IN_REVIEW
    assert "anna (command line)" in [each.by for each in record.history]


async def test_what_has_changed_since_it_was_shown_is_not_confirmed(stage: Stage) -> None:
    """It is named instead, and the others are confirmed."""
    await waits(stage)
    other = await waits(stage, OTHER_CUSTOMER)
    seen = await confirmable(stage.service, await stage.store.waiting())
    await stage.accept(order(wanted(website="newer.edu"), event_id="evt-2"))
    left = await confirm_all(stage.service, seen, OPERATOR)
    assert [each.waiting.customer_tenant_id for each in left] == [CUSTOMER]
    await stage.deliver()
    assert (await stage.stored(other)).status is Status.IN_REVIEW


def test_the_table_fits_a_terminal_of_eighty_columns() -> None:
    """With the longest reason there is, and ids that can be copied."""
    found = [WaitingRequest(CUSTOMER, REQUEST, reason, NOW - timedelta(days=40)) for reason in Reason]
    text = printed(found)
    assert max(len(line.rstrip()) for line in text.splitlines()) <= 80
    assert text.count(str(CUSTOMER)) == text.count(str(REQUEST)) == len(Reason)
    assert all(reason in text for reason in Reason)
    assert text.index("For a decision") < text.index("last-attempt") < text.index("For a cause")
    assert text.rstrip().endswith("waiting: 6 for a decision, 8 for a cause")


def test_what_holds_everybody_comes_first() -> None:
    """Who stopped it, and why."""
    text = printed([], Hold(stop=Stop(since=NOW, by="Anna (key 0badcafe)", note="an audit")))
    assert text.startswith("Writing is stopped by Anna (key 0badcafe)")
    assert "an audit" in text
    assert text.rstrip().endswith("nothing waits")


def test_a_script_gets_the_same() -> None:
    """With the kind, so that it need not know the reasons."""
    found = [WaitingRequest(CUSTOMER, REQUEST, Reason.LAST_ATTEMPT, NOW)]
    assert document(found) == {
        "waiting": [
            {
                "customerTenantId": str(CUSTOMER),
                "requestId": str(REQUEST),
                "reason": "last-attempt",
                "kind": "decision",
                "since": "2026-03-02T09:30:00Z",
            }
        ]
    }
