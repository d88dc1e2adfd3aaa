"""What a person can do, by cause, in the reader's terms."""

from qualification.domain.look import CustomerQualification
from qualification.domain.record import Record, Status

DENIAL = (
    "Correct the customer's company name, address, domain and website in the Microsoft 365 admin centre (a global "
    "administrator of the customer must do it), then request again. Education can be requested three times in all."
)


def denial_remedy(record: Record, row: CustomerQualification, status: Status) -> str | None:  # noqa: ARG001
    """What to do about a denial or a withdrawal; None where the status is neither."""
    return DENIAL if status in {Status.DENIED, Status.REVOKED} else None
