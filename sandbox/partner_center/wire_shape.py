"""The shapes in which Partner Center has been seen to write qualifications."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from enum import StrEnum

from sandbox.partner_center.answer import Answer
from sandbox.partner_center.control_model import ControlModel
from sandbox.partner_center.error_shape import ErrorShape
from sandbox.partner_center.held import Decision
from sandbox.partner_center.letter_case import LetterCase
from sandbox.partner_center.vocabulary import Qualification


class ListShape(StrEnum):
    """A bare array as documented, or an object.

    `wrapped` is the object of the Swagger file and of the page's first version, `items` the one of Partner Center's
    other collections, which was never shown for this resource.
    """

    ARRAY = "array"
    WRAPPED = "wrapped"
    ITEMS = "items"


class EmptyShape(StrEnum):
    """What stands for a customer without any qualification; Microsoft does not say which, and `empty` is our choice."""

    EMPTY = "empty"
    NULL = "null"
    NONE_ROW = "noneRow"
    NO_BODY = "noBody"
    NO_CONTENT = "noContent"


class PostShape(StrEnum):
    """201 with one object as documented, or 200 with the Swagger file's object; the others are excluded by nobody."""

    CREATED = "created"
    WRAPPED = "wrapped"
    ITEMS = "items"
    ACCEPTED = "accepted"
    NO_CONTENT = "noContent"


class DateField(StrEnum):
    """Both spellings occur on Microsoft's pages, and examples without a date do too."""

    CREATE = "vettingCreateDate"
    CREATED = "vettingCreatedDate"
    OMITTED = "omitted"


class DateFormat(StrEnum):
    """Formats of the documented examples, in their order of appearance; the last is the American one as shown, by day."""

    SECONDS = "seconds"
    MILLISECONDS = "milliseconds"
    SEVEN_DIGITS = "sevenDigits"
    AMERICAN = "american"
    AMERICAN_DAY = "americanDay"


class Spelling(StrEnum):
    """How the synchronous API writes a name: as on its page, or as the retired SDKs expected it."""

    LOWER = "lower"
    SNAKE = "snake"
    PASCAL = "pascal"


class WireShape(ControlModel):
    """The shapes to use for a customer.

    Attributes:
        rows: The body of a GET.
        empty: The answer to a GET where there is nothing to show.
        post: The answer to a POST.
        date_field: The name of a row's date.
        date_format: How it is written.
        second_date_format: How it is written in the second row of the same review; None for the same way.
        letter_case: How members are spelt.
        bom: Whether a byte order mark comes before a body.
        errors: How refusals are written.
        spelling: How the synchronous API writes names.
    """

    rows: ListShape = ListShape.ARRAY
    empty: EmptyShape = EmptyShape.EMPTY
    post: PostShape = PostShape.CREATED
    date_field: DateField = DateField.CREATE
    date_format: DateFormat = DateFormat.SECONDS
    second_date_format: DateFormat | None = None
    letter_case: LetterCase = LetterCase.AS_SHOWN
    bom: bool = False
    errors: ErrorShape = ErrorShape()
    spelling: Spelling = Spelling.LOWER

    def row(
        self, qualification: Qualification, decision: Decision, dated: datetime | None, *, second: bool = False
    ) -> dict[str, str]:
        """Return one qualification as it goes over the wire; without a status nothing of the vetting is shown."""
        document = {"qualification": str(qualification)}
        if decision.status is None:
            return document
        document["vettingStatus"] = decision.status
        if decision.reason is not None:
            document["vettingReason"] = decision.reason
        if dated is not None and self.date_field is not DateField.OMITTED:
            written = self.second_date_format if second else None
            document[self.date_field] = date_text(dated, written or self.date_format)
        return document

    def looked(self, rows: list[dict[str, str]]) -> Answer:
        """Return the answer to a GET that shows these rows."""
        if not rows and self.empty is EmptyShape.NO_CONTENT:
            return Answer(204)
        if not rows and self.empty is EmptyShape.NO_BODY:
            return Answer(200)
        if not rows and self.empty is EmptyShape.NULL:
            return self.written(None)
        if not rows and self.empty is EmptyShape.NONE_ROW:
            rows = [{"qualification": str(Qualification.NONE)}]
        return self.written(self._list(rows))

    def posted(self, row: dict[str, str], *, effect: bool) -> Answer:
        """Return the answer to a POST that is accepted."""
        match self.post:
            case PostShape.CREATED:
                return self.written(row, 201, effect=effect)
            case PostShape.WRAPPED:
                return self.written({"qualifications": [row]}, effect=effect)
            case PostShape.ITEMS:
                return self.written(_items([row]), 201, effect=effect)
            case PostShape.ACCEPTED:
                return Answer(202, effect=effect)
            case PostShape.NO_CONTENT:
                return Answer(204, effect=effect)

    def written(self, document: object, status: int = 200, *, effect: bool = False) -> Answer:
        """Return a document of any resource, in the letter case of this shape."""
        return Answer.of(self.letter_case.spell(document), status, effect=effect).with_bom(on=self.bom)

    def collection(self, rows: list[dict[str, str | int | None]]) -> Answer:
        """Return a collection of another resource; the Swagger file wraps none of those."""
        return self.written(_items(rows) if self.rows is ListShape.ITEMS else rows)

    def _list(self, rows: list[dict[str, str]]) -> object:
        match self.rows:
            case ListShape.ARRAY:
                return rows
            case ListShape.WRAPPED:
                return {"qualifications": rows}
            case ListShape.ITEMS:
                return _items(rows)

    def scalar(self, qualification: Qualification) -> str:
        """Return the name as the synchronous API writes it."""
        match self.spelling:
            case Spelling.LOWER:
                return qualification.lower()
            case Spelling.SNAKE:
                return qualification.name.lower()
            case Spelling.PASCAL:
                return str(qualification)


def _items(rows: Sequence[Mapping[str, str | int | None]]) -> dict[str, object]:
    # The links of Partner Center's other collections, shortened.
    return {"totalCount": len(rows), "items": list(rows), "links": {}, "attributes": {"objectType": "Collection"}}


def date_text(moment: datetime, date_format: DateFormat) -> str:
    """Return an aware moment in a format, in UTC; all but one cut parts of a second off."""
    utc = moment.astimezone(UTC)
    match date_format:
        case DateFormat.SECONDS:
            return utc.strftime("%Y-%m-%dT%H:%M:%SZ")
        case DateFormat.MILLISECONDS:
            return f"{utc.strftime('%Y-%m-%dT%H:%M:%S')}.{utc.microsecond // 1000:03}Z"
        case DateFormat.SEVEN_DIGITS:
            return f"{utc.strftime('%Y-%m-%dT%H:%M:%S.%f')}1+00:00"
        case DateFormat.AMERICAN:
            return utc.strftime("%m/%d/%Y: %H:%M:%S")
        case DateFormat.AMERICAN_DAY:
            return utc.strftime("%m/%d/%Y: 00:00:00")
