"""The sandbox's commands: `python -m sandbox demo` and `python -m sandbox serve`."""

import argparse
import sys


def main() -> int:
    """Run a command; its exit code."""
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("demo", help="play a short story through the whole service")
    serve = commands.add_parser("serve", help="run everything until Ctrl-C")
    serve.add_argument(
        "--without-functions", action="store_true", help="leave the functions to `func start` in another terminal"
    )
    arguments = parser.parse_args()
    if arguments.command == "demo":
        from sandbox.demo import run  # noqa: PLC0415  --help answers at once

        return run()
    from sandbox.serve import run as run_until_stopped  # noqa: PLC0415  same

    return run_until_stopped(with_functions=not arguments.without_functions)


if __name__ == "__main__":
    sys.exit(main())
