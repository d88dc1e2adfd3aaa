"""The command line: `python -m qualification --help`."""

import sys


def main() -> int:
    """Run the command that the arguments name; its exit code."""
    try:
        from qualification.commands.command_line import run  # noqa: PLC0415  what is missing gets a sentence
    except ModuleNotFoundError as error:
        sys.stderr.write(f"{error.name} is not installed: pip install -r requirements-cli.txt\n")
        return 2
    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
