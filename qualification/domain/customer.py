"""What is kept of a customer beside its requests: the rows that reads showed, and the verifications that count.

It outlives the requests, and each step that decides on it is stored under its ETag.
"""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from qualification.domain.look import CustomerQualification, Look
from qualification.domain.request import CamelModel, Qualification


class Sighting(CamelModel):
    """A row, and the read that first showed it so.

    Attributes:
        row: the row.
        look: the number of that read, among those that showed something new.
        at: when that was, by Partner Center's clock.
        shown: whether the newest read showed it; one that shows nothing of its qualification lets nothing be forgotten.
    """

    row: CustomerQualification
    look: int
    at: datetime
    shown: bool = True


class Certainty(StrEnum):
    """How sure it is that a verification was spent."""

    CERTAIN = "certain"
    IN_DOUBT = "in doubt"
    SHOWN = "shown"


class Verification(CamelModel):
    """One of the customer's education verifications, as far as is known.

    Attributes:
        certainty: accepted or adopted, in doubt, or shown by a row that nothing else explains.
        request_id: whose write or review it is; None where no request of ours explains the row.
        write: which write of that request; 0 is a review that was adopted.
        moment: of the row that it explains, if one was shown.
    """

    certainty: Certainty
    request_id: UUID | None = None
    write: int = 0
    moment: datetime | None = None


class Customer(CamelModel):
    """What is kept of one customer.

    Attributes:
        customer_tenant_id: whom it is about.
        looks: how many reads have shown something new.
        sightings: the rows that are remembered.
        verifications: those of Education that count.
        unclear: requests that stand, and of which the newest read ahead of a write showed nothing.
        unclear_since: since when reads show nothing of these, by Partner Center's clock; None where there are none.
        unread_since: since when no read of it could be read, in aware UTC; None where the last one could.
        unread: how many reads in a row.
    """

    customer_tenant_id: UUID
    looks: int = 0
    sightings: tuple[Sighting, ...] = ()
    verifications: tuple[Verification, ...] = ()
    unclear: tuple[UUID, ...] = ()
    unclear_since: datetime | None = None
    unread_since: datetime | None = None
    unread: int = 0

    def sighting(self, row: CustomerQualification) -> Sighting | None:
        """The sighting of a row, if it is remembered."""
        return next((each for each in self.sightings if each.row.is_same(row)), None)

    def after(self, look: Look) -> "Customer":
        """With what a read shows; the same value where it shows what the one before it did.

        A row is forgotten when a read that shows other rows of its qualification lacks it: one that comes back is news.
        But the same row may be dated by the day, by the second, or not at all, from one read to the next.
        """
        number = self.looks + 1
        kept = tuple(_shown(each, look) for each in self.sightings if not _replaced(each, look))
        rows = [row for kind in Qualification for row in look.of(kind) if self.sighting(row) is None]
        new = [self._sighted(row, number, look) for row in rows]
        if not new and len(kept) == len(self.sightings):
            return self.model_copy(update={"sightings": kept})
        return self.model_copy(update={"looks": number, "sightings": (*kept, *new)}).explained(look)

    def _sighted(self, row: CustomerQualification, number: int, look: Look) -> Sighting:
        before = next((each for each in self.sightings if _is_other_spelling(row, each)), None)
        return Sighting(row=row, look=before.look if before else number, at=before.at if before else look.at)

    def shown(self, qualification: Qualification) -> list[Sighting]:
        """The rows of a qualification that the newest read showed."""
        return [each for each in self.sightings if each.shown and each.row.is_of(qualification)]

    def explained(self, look: Look) -> "Customer":
        """With an entry for each row of Education that no entry explains: somebody else has spent that verification.

        An entry explains one row at a time: the row of its moment, or else one that no other entry explains.
        """
        entries, used = list(self.verifications), set[int]()
        unmatched: list[datetime | None] = []
        for row in look.of(Qualification.EDUCATION):
            same = (n for n, each in enumerate(entries) if n not in used and each.moment == row.moment and row.moment)
            if (number := next(same, None)) is None:
                unmatched.append(row.moment)
            else:
                used.add(number)
        for moment in unmatched:
            ours = sorted(
                (each.moment is not None, n) for n, each in enumerate(entries) if n not in used and each.request_id
            )
            undated = [n for n, each in enumerate(entries) if n not in used and not each.request_id and not each.moment]
            if ours:
                number = ours[0][1]
                entries[number] = entries[number].model_copy(update={"moment": moment})
            elif moment is None and undated:
                number = undated[0]
            else:
                number = len(entries)
                entries.append(Verification(certainty=Certainty.SHOWN, moment=moment))
            used.add(number)
        return self.model_copy(update={"verifications": tuple(entries)})

    def adopting(self, request_id: UUID, row: CustomerQualification) -> "Customer":
        """With the row that a request follows counted for certain, and as its own where nobody else's explains it."""
        entries = list(self.verifications)
        explaining = (n for n, each in enumerate(entries) if each.moment == row.moment)
        ours = (
            n for n, each in enumerate(entries) if each.request_id == request_id and each.moment in {None, row.moment}
        )
        number = next(ours, next(explaining, None))
        if number is None:
            entries.append(Verification(certainty=Certainty.CERTAIN, request_id=request_id, moment=row.moment))
        else:
            owner = entries[number].request_id or request_id
            changes = {"certainty": Certainty.CERTAIN, "request_id": owner, "moment": row.moment}
            entries[number] = entries[number].model_copy(update=changes)
        return self.model_copy(update={"verifications": tuple(entries)})

    def counting(self, verification: Verification) -> "Customer":
        """With this verification, in place of an entry for the same write, whose row it goes on explaining."""
        entries = list(self.verifications)
        same = (n for n, each in enumerate(entries) if each.request_id and _key(each) == _key(verification))
        if (number := next(same, None)) is None:
            entries.append(verification)
        else:
            entries[number] = verification.model_copy(update={"moment": entries[number].moment})
        return self.model_copy(update={"verifications": tuple(entries)})

    def uncounted(self, request_id: UUID, write: int) -> "Customer":
        """Without the entry of a write that was not taken."""
        left = tuple(each for each in self.verifications if _key(each) != (request_id, write))
        return self.model_copy(update={"verifications": left})


def _replaced(sighting: Sighting, look: Look) -> bool:
    rows = [row for row in look.rows if row.is_of_the_kind_of(sighting.row)]
    return bool(rows) and not any(row.is_same(sighting.row) for row in rows)


def _is_other_spelling(row: CustomerQualification, sighting: Sighting) -> bool:
    if row.is_vaguer_than(sighting.row):
        return True
    # One that began after the vaguer one was seen is another row.
    return sighting.row.is_vaguer_than(row) and row.moment is not None and row.moment <= sighting.at


def _shown(sighting: Sighting, look: Look) -> Sighting:
    shown = any(row.is_of_the_kind_of(sighting.row) for row in look.rows)
    return sighting.model_copy(update={"shown": shown})


def _key(verification: Verification) -> tuple[UUID | None, int]:
    return verification.request_id, verification.write
