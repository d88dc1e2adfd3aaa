"""Figures measured with `make bench` and `make soak`; docs/performance.md and benchmarks/results.md say where and how."""

LOOK_SECONDS = 0.0005
"""Processor time for one customer in a run of the timer, Partner Center answering at once ("Review 10,000 customers").

A figure of one core of the machine that measured; a core of Flex Consumption was not measured.
"""

WEBHOOKS_A_SECOND = 535
"""Webhooks that one host accepted, on two cores shared with its clients and servers (`make soak`)."""
