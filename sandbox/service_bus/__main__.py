"""Runs a broker in a process of its own: `python -m sandbox.service_bus --help`."""

import argparse
import asyncio
import json
import logging
import signal
import sys
from pathlib import Path

from sandbox.service_bus.broker import Broker
from sandbox.service_bus.topology import Topology, TopologyError

_TOPOLOGY = Path(__file__).parent.parent / "service_bus.json"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m sandbox.service_bus", description="Service Bus on this machine")
    parser.add_argument("--topology", type=Path, default=_TOPOLOGY, help="queues, topics and subscriptions (JSON)")
    parser.add_argument("--port", type=int, default=0, help="port to listen on; any free one if left out")
    parser.add_argument("--journal", type=Path, help="file to keep messages in, so that they outlive the process")
    return parser.parse_args()


async def _serve(broker: Broker) -> None:
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    work: set[asyncio.Task[None]] = set()

    def on_signal(number: signal.Signals) -> None:
        task = loop.create_task(broker.interrupt() if number is signal.SIGUSR1 else broker.resume())
        work.add(task)
        task.add_done_callback(work.discard)

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, ended.set)
    for number in (signal.SIGUSR1, signal.SIGUSR2):
        loop.add_signal_handler(number, on_signal, number)
    await broker.start()
    sys.stdout.write(json.dumps({"connectionString": broker.connection_string, "port": broker.port}) + "\n")
    sys.stdout.flush()
    await ended.wait()
    await broker.stop()


def main() -> int:
    """Serve until SIGINT or SIGTERM; SIGUSR1 begins an outage, SIGUSR2 ends it. Returns the exit code."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    arguments = _arguments()
    try:
        topology = Topology.load(arguments.topology)
    except (TopologyError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    asyncio.run(_serve(Broker(topology, port=arguments.port, journal=arguments.journal)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
