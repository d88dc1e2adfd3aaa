"""Names for customers that have only an id: made up, and the same wherever the same id is shown."""

from collections.abc import Sequence
from uuid import UUID

COMPANIES = ("Adatum", "Contoso", "Fabrikam", "Litware", "Lucerne", "Northwind", "Proseware", "Tailspin", "Wingtip")
"""Companies that Microsoft has made up for documentation."""
PLACES = ("Academy", "College", "Institute", "Library", "School", "University")


def name_of(customer_id: str) -> str:
    """A name for a customer; its id as it is, where that is none."""
    try:
        number = UUID(customer_id).int
    except ValueError:
        return customer_id
    return f"{_pick(COMPANIES, number)} {_pick(PLACES, number // len(COMPANIES))}"


def _pick(words: Sequence[str], number: int) -> str:
    return words[number % len(words)]
