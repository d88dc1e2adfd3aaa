"""Education verification may be requested three times a customer, in all ("Get special pricing for offers")."""

from qualification.domain.customer import Certainty, Customer

VERIFICATIONS = 3


def spent(customer: Customer, unreadable: int = 0) -> int:
    """How many verifications count as spent; each record of the customer that cannot be read counts one."""
    return len(customer.verifications) + unreadable


def certain(customer: Customer) -> int:
    """How many were accepted or adopted for certain."""
    return sum(each.certainty is Certainty.CERTAIN for each in customer.verifications)


def left(customer: Customer, unreadable: int = 0) -> int:
    """How many are left at least."""
    return max(0, VERIFICATIONS - spent(customer, unreadable))


def uncertain_words(customer: Customer) -> str:
    """Which are certain and which are not, for the person who decides."""
    kinds = [each.certainty for each in customer.verifications]
    parts = (
        (Certainty.CERTAIN, "accepted by Partner Center"),
        (Certainty.IN_DOUBT, "never answered"),
        (Certainty.SHOWN, "shown by a row that no request of this service explains"),
    )
    return ", ".join(f"{kinds.count(kind)} {words}" for kind, words in parts if kind in kinds) or "none"
