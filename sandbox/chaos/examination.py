"""Holds the promises against the evidence of a run."""

from sandbox.chaos.evidence import Evidence
from sandbox.chaos.rules import deliveries, rows, truth, writes
from sandbox.chaos.rules.difference import Difference, Rule

RULES: tuple[Rule, ...] = (
    deliveries.every_delivery_is_answered,
    deliveries.every_202_is_stored,
    deliveries.every_event_is_there_in_order,
    deliveries.dead_letters_are_not_ours,
    rows.record_history_and_events_agree,
    rows.work_is_where_it_is_wanted,
    rows.what_is_waited_for_has_its_row,
    rows.guards_agree_with_records,
    writes.a_write_in_doubt_is_left_alone,
    writes.two_writes_go_without_a_person,
    writes.every_write_is_counted,
    writes.verifications_are_not_wasted,
    writes.nothing_is_written_under_a_stop,
    truth.every_published_status_was_true,
    truth.what_partner_center_decided_is_what_the_newest_says,
    truth.everything_ends_or_waits,
    truth.nothing_fails_by_itself,
)


def examine(evidence: Evidence) -> list[Difference]:
    """All differences between what is promised and what is there."""
    return [difference for rule in RULES for difference in rule(evidence)]
