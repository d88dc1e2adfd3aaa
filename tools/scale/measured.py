"""Figures measured on one machine of two cores, rounded; docs/performance.md says how the same is measured with `make bench`."""

LOOK_SECONDS = 0.0005
"""Processor time for one customer in a run of the timer, Partner Center answering at once: 456 to 579 us while
the reviews were tuned.

A figure of one core of the machine that measured; a core of Flex Consumption was not measured.
"""

WEBHOOKS_A_SECOND = 535
"""Webhooks that one host accepted, on two cores shared with its clients and servers (`make soak`)."""
