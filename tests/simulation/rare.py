"""States that are rarely met; a run of a thousand seeds that has not met each often enough proves too little."""

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING

from qualification.domain.record import Record
from qualification.domain.status import Status
from qualification.domain.work import WorkAction
from tests.simulation.accounts import MINUTE

if TYPE_CHECKING:
    from tests.simulation.judge import Judge

STATES = (
    *("in doubt", "resend due", "resend refused", "outcome-unknown confirmed", "outcome-unknown cancelled"),
    *("adopted", "row vanished", "undated denial", "correction before sending", "correction after sending"),
    *("cancel against claim", "confirm against correction", "429 taken", "code race", "probe lost"),
    *("killed between claim and write", "killed between write and record", "killed between commit and publish"),
    *("event overtaken", "clock told", "rows of a later version"),
)
"""What is counted."""
AT_LEAST, SEEDS = 50, 1000
"""So often in so many seeds."""


def too_rare(counts: Mapping[str, int], seeds: int) -> Counter[str]:
    """The states that so many seeds should have met more often, and how often they did; a short run proves nothing."""
    if seeds < SEEDS:
        return Counter()
    least = AT_LEAST * seeds // SEEDS
    return Counter({name: counts.get(name, 0) for name in STATES if counts.get(name, 0) < least})


def count_step(judge: "Judge", before: Record, record: Record) -> None:
    """Count what a step of a record met."""
    rare, waiting = judge.rare, before.waiting.reason if before.waiting else None
    if record.confirmed - before.confirmed:
        rare[f"{waiting} confirmed"] += 1
    if before.status.is_active and record.status is Status.FAILED and record.error and record.error.code == "given-up":
        rare[f"{waiting} cancelled"] += 1
        write = before.write
        if write and not write.settled and judge.world.now - write.claimed_at < 10 * MINUTE:
            rare["cancel against claim"] += 1
    if record.fingerprint != before.fingerprint:
        rare["correction before sending"] += 1
    if record.correction and not before.correction:
        rare["correction after sending"] += 1
    if record.status in {Status.IN_REVIEW, Status.APPROVED} and before.status is Status.QUEUED:
        rare["adopted"] += 1
    if record.doubtful and not before.doubtful:
        row = record.doubtful.row
        rare["row vanished" if row is None else "undated denial" if row.moment is None else "old denial"] += 1
    _count_doubt(judge, before, record)


def _count_doubt(judge: "Judge", before: Record, record: Record) -> None:
    if before.status is not Status.SUBMITTING or record.status is not Status.SUBMITTING:
        return
    if record.write and record.write.looks == 1 and before.write and before.write.looks == 0:
        judge.rare["in doubt"] += 1
    queued = record.work is not None and record.work.action is WorkAction.QUEUE
    was_queued = before.work is not None and before.work.action is WorkAction.QUEUE
    if queued and not was_queued and not record.confirmed:
        judge.rare["resend due"] += 1


def count_confirmation(judge: "Judge", seen: Record) -> None:
    """Count a confirmation that came too late: the request was corrected since it was seen."""
    now = judge.records[seen.request_id]
    if (now.fingerprint, now.correction) != (seen.fingerprint, seen.correction):
        judge.rare["confirm against correction"] += 1
