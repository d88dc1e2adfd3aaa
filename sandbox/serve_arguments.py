"""What `python -m sandbox serve` takes; apart from what it does, so that `--help` answers at once."""

import argparse
from pathlib import Path

from sandbox.ports import USUAL


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare them."""
    parser.add_argument(
        "--without-functions", action="store_true", help="leave the functions to `func start` in another terminal"
    )
    for name, of, usual in (
        ("--port", "the functions", USUAL.functions),
        ("--service-bus-port", "the Service Bus broker", USUAL.service_bus),
        ("--partner-center-port", "the simulated Partner Center", USUAL.partner_center),
    ):
        parser.add_argument(name, type=int, default=usual, help=f"of {of}; 0 is any free one (default: {usual})")
    parser.add_argument(
        "--storage",
        choices=("sqlite", "azurite"),
        default="sqlite",
        help="where records are kept: a file, or Azure Table Storage as Azurite emulates it (default: sqlite)",
    )
    parser.add_argument(
        "--topology",
        type=Path,
        metavar="FILE",
        help="queues, topics and subscriptions, in the form of Microsoft's emulator (default: sandbox/service_bus.json)",
    )
    parser.add_argument(
        "--faults",
        type=float,
        metavar="CHANCE",
        help="how likely each call to Service Bus and Partner Center is struck, 0 to 1 (default: none is)",
    )
    parser.add_argument("--seed", type=int, default=0, help="decides which calls are struck (default: 0)")
