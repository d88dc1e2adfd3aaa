"""The sandbox's commands: `python -m sandbox demo`, `serve`, `webhook`, `trouble`, `chaos` and `soak`."""

import argparse
import sys

from sandbox import serve_arguments, trouble
from sandbox.crm import command as webhook


def main() -> int:
    """Run a command; its exit code."""
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("demo", help="play a short story through the whole service")
    serve_arguments.add_arguments(commands.add_parser("serve", help="run everything until Ctrl-C"))
    webhook.add_arguments(commands.add_parser("webhook", help="send one webhook as a CRM would"))
    trouble.add_arguments(commands.add_parser("trouble", help="make the Partner Center of `serve` misbehave"))
    chaos = commands.add_parser("chaos", help="kill, cut off and refuse, then check that nothing is lost or sent twice")
    chaos.add_argument("--seconds", type=float, default=300, help="how long blows fall (default: 300)")
    chaos.add_argument("--seed", type=int, help="decides the plan; a new one each time if left out")
    soak = commands.add_parser("soak", help="webhooks as fast as one host takes them, while reviews run")
    soak.add_argument("--webhooks", type=int, default=10_000, help="how many (default: 10000)")
    arguments = parser.parse_args()
    if arguments.command == "chaos":
        from sandbox.chaos.command import run as run_chaos  # noqa: PLC0415  --help answers at once

        return run_chaos(arguments.seconds, arguments.seed)
    if arguments.command == "soak":
        from sandbox.soak.command import run as run_soak  # noqa: PLC0415  same

        return run_soak(arguments.webhooks)
    if arguments.command == "webhook":
        return webhook.run(arguments)
    if arguments.command == "trouble":
        return trouble.run(arguments)
    if arguments.command == "demo":
        from sandbox.demo import run  # noqa: PLC0415  same

        return run()
    from sandbox.serve import run as run_until_stopped  # noqa: PLC0415  same

    return run_until_stopped(arguments)


if __name__ == "__main__":
    sys.exit(main())
