"""The shapes in which Partner Center has been seen to write qualifications."""

from datetime import UTC, datetime
from enum import StrEnum

from sandbox.partner_center.control_model import ControlModel
from sandbox.partner_center.vetting import Decision
from sandbox.partner_center.vocabulary import Qualification


class ListShape(StrEnum):
    """A bare array as documented, or the object of the Swagger file and of the page's first version."""

    ARRAY = "array"
    WRAPPED = "wrapped"


class EmptyShape(StrEnum):
    """What stands for a customer without any qualification; Microsoft does not say which."""

    EMPTY = "empty"
    NULL = "null"
    NONE_ROW = "noneRow"


class PostShape(StrEnum):
    """201 with one object as documented, or 200 with the Swagger file's object."""

    CREATED = "created"
    WRAPPED = "wrapped"


class DateField(StrEnum):
    """Both spellings occur on Microsoft's pages, and examples without a date do too."""

    CREATE = "vettingCreateDate"
    CREATED = "vettingCreatedDate"
    OMITTED = "omitted"


class DateFormat(StrEnum):
    """Formats of the documented examples, in their order of appearance."""

    SECONDS = "seconds"
    MILLISECONDS = "milliseconds"
    SEVEN_DIGITS = "sevenDigits"
    AMERICAN = "american"


class Spelling(StrEnum):
    """How the synchronous API writes a name: as on its page, or as the retired SDKs expected it."""

    LOWER = "lower"
    SNAKE = "snake"
    PASCAL = "pascal"


class WireShape(ControlModel):
    """The shapes to use for a customer."""

    rows: ListShape = ListShape.ARRAY
    empty: EmptyShape = EmptyShape.EMPTY
    post: PostShape = PostShape.CREATED
    date_field: DateField = DateField.CREATE
    date_format: DateFormat = DateFormat.SECONDS
    spelling: Spelling = Spelling.LOWER

    def row(self, qualification: Qualification, decision: Decision, created: datetime) -> dict[str, str]:
        """Return one qualification as it goes over the wire; without a status nothing of the vetting is shown."""
        document = {"qualification": str(qualification)}
        if decision.status is None:
            return document
        document["vettingStatus"] = decision.status
        if decision.reason is not None:
            document["vettingReason"] = decision.reason
        if self.date_field is not DateField.OMITTED:
            document[self.date_field] = self.date(created)
        return document

    def list_of(self, rows: list[dict[str, str]]) -> object:
        """Return a customer's qualifications as the body of a GET."""
        if not rows and self.empty is EmptyShape.NULL:
            return None
        if not rows and self.empty is EmptyShape.NONE_ROW:
            rows = [{"qualification": str(Qualification.NONE)}]
        return rows if self.rows is ListShape.ARRAY else {"qualifications": rows}

    def date(self, moment: datetime) -> str:
        """Return an aware moment in the chosen format, in UTC."""
        utc = moment.astimezone(UTC)
        match self.date_format:
            case DateFormat.SECONDS:
                return utc.strftime("%Y-%m-%dT%H:%M:%SZ")
            case DateFormat.MILLISECONDS:
                return f"{utc.strftime('%Y-%m-%dT%H:%M:%S')}.{utc.microsecond // 1000:03}Z"
            case DateFormat.SEVEN_DIGITS:
                return f"{utc.strftime('%Y-%m-%dT%H:%M:%S.%f')}1+00:00"
            case DateFormat.AMERICAN:
                return utc.strftime("%m/%d/%Y: %H:%M:%S")

    def scalar(self, qualification: Qualification) -> str:
        """Return the name as the synchronous API writes it."""
        match self.spelling:
            case Spelling.LOWER:
                return qualification.lower()
            case Spelling.SNAKE:
                return qualification.name.lower()
            case Spelling.PASCAL:
                return str(qualification)
