"""Customers that have only an id are called something."""

from uuid import UUID

from sandbox.names import COMPANIES, PLACES, name_of


def test_the_same_id_has_the_same_name() -> None:
    """In whatever form it is written."""
    name = name_of("2a14b164-f983-4048-92e1-4f9591b87445")
    assert name == name_of("2A14B164F983404892E14F9591B87445")
    company, place = name.split()
    assert company in COMPANIES
    assert place in PLACES


def test_every_name_may_come() -> None:
    """So that few customers share one."""
    names = {name_of(str(UUID(int=number))) for number in range(len(COMPANIES) * len(PLACES))}
    assert len(names) == len(COMPANIES) * len(PLACES)


def test_what_is_no_id_stays_as_it_is() -> None:
    """A console prints whatever comes."""
    assert name_of("nobody") == "nobody"
