"""What ends setup before its end."""


class Stopped(Exception):
    """Setup cannot go on; the text says what happened and what to do. Run again, it goes on at the same step."""
