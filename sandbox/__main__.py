"""The sandbox's commands: `python -m sandbox demo`, `python -m sandbox serve` and `python -m sandbox webhook`."""

import argparse
import sys

from sandbox.crm import command as webhook


def main() -> int:
    """Run a command; its exit code."""
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("demo", help="play a short story through the whole service")
    serve = commands.add_parser("serve", help="run everything until Ctrl-C")
    serve.add_argument(
        "--without-functions", action="store_true", help="leave the functions to `func start` in another terminal"
    )
    webhook.add_arguments(commands.add_parser("webhook", help="send one webhook as a CRM would"))
    arguments = parser.parse_args()
    if arguments.command == "webhook":
        return webhook.run(arguments)
    if arguments.command == "demo":
        from sandbox.demo import run  # noqa: PLC0415  --help answers at once

        return run()
    from sandbox.serve import run as run_until_stopped  # noqa: PLC0415  same

    return run_until_stopped(with_functions=not arguments.without_functions)


if __name__ == "__main__":
    sys.exit(main())
