"""The doctor's output, as a person searches it."""


def finding(output: str, name: str) -> str:
    """The line of the doctor's output about one check."""
    return next(line for line in output.splitlines() if name in line)
