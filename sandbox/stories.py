"""The customers of the demo, what is asked for them, and what must come of it."""

from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from sandbox.partner_center import CustomerScript, Outcome, Vetting


@dataclass(frozen=True, slots=True)
class Story:
    """One customer.

    Attributes:
        title: what the story shows.
        customer: the customer's name.
        request: what the CRM asks for.
        statuses: the events that must come, in this order: a status, or the reason why a person should look.
        crm: the source it comes from.
        script: how Partner Center treats the customer.
        writes: how many POSTs or PUTs must have taken effect at Partner Center.
    """

    title: str
    customer: str
    request: dict[str, Any]
    statuses: tuple[str, ...]
    crm: str = "standard"
    script: CustomerScript = field(default_factory=CustomerScript)
    writes: int = 1
    customer_id: str = field(default_factory=lambda: str(uuid4()))


def _education(**fields: Any) -> dict[str, Any]:
    return {"qualification": "Education", "educationSegment": "HigherEducation", **fields}


UNIVERSITY = Story(
    "A university is approved after review",
    "Contoso University",
    _education(website="contoso.edu"),
    ("InReview", "Approved"),
    "dataverse",
)
COMPANY = Story(
    "A company is no school: denied",
    "Fabrikam Training Ltd",
    {"qualification": "Education", "educationSegment": "K12"},
    ("InReview", "Denied"),
    "hubspot",
    CustomerScript(education=Vetting(outcome=Outcome.DENIED, after=1, reason="Not an Education Customer")),
)
CITY = Story(
    "A city gets a validation code",
    "City of Tailspin",
    {"qualification": "GovernmentCommunityCloud"},
    ("Approved",),
    "salesforce",
)
RAILWAY = Story(
    "A state-owned entity is granted at once",
    "National Railway",
    {"qualification": "StateOwnedEntity"},
    ("Approved",),
)
COLLEGE = Story(
    "A synchronous update is granted at once",
    "Wingtip College",
    _education(mode="synchronous"),
    ("Approved",),
)
SCHOOL = Story(
    "Partner Center is down: nothing is lost",
    "Adatum School",
    {"qualification": "Education", "educationSegment": "K12", "website": "https://adatum.school"},
    ("InReview", "Approved"),
    "hubspot",
)
ACADEMY = Story(
    "Bad data is told to somebody",
    "Litware Academy",
    _education(educationSegment="Kindergarten"),
    ("request-rejected",),
    "salesforce",
    writes=0,
)
LIBRARY = Story(
    "No answer to a POST: a person decides",
    "Northwind Library",
    {"qualification": "Education", "educationSegment": "K12", "website": "northwind.example"},
    ("outcome-unknown", "Failed"),
    writes=0,
)
INTRUDER = Story(
    "A forged signature is refused",
    "Nobody",
    _education(),
    (),
    writes=0,
)

STORIES = (UNIVERSITY, COMPANY, CITY, RAILWAY, COLLEGE, ACADEMY, LIBRARY, INTRUDER, SCHOOL)
