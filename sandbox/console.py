"""Where the sandbox's commands write to."""

from rich.console import Console

console = Console()


def say(text: str) -> None:
    """Print text as it is: no markup, and no line is broken that is to be copied."""
    console.print(text, markup=False, highlight=False, soft_wrap=True)
