"""The letter cases in which JSON members have been seen."""

from enum import StrEnum
from itertools import count


class LetterCase(StrEnum):
    """How the members of a document are spelt.

    PascalCase is shown in Partner Center's API change log of December 2020, camelCase on its pages; that both occur in
    one document is excluded by neither.
    """

    AS_SHOWN = "asShown"
    CAMEL = "camel"
    PASCAL = "pascal"
    MIXED = "mixed"

    def spell[Document](self, document: Document) -> Document:
        """Return the JSON document with its members renamed at every depth; `mixed` is camel and Pascal in turn."""
        if self is LetterCase.AS_SHOWN:
            return document
        turn = count()

        def spell(value: object) -> object:
            if isinstance(value, list):
                return [spell(each) for each in value]
            if isinstance(value, dict):
                return {self._name(name, next(turn)): spell(each) for name, each in value.items()}
            return value

        return spell(document)  # type: ignore[return-value]  # the same kind of document, only its names differ

    def _name(self, name: str, turn: int) -> str:
        pascal = self is LetterCase.PASCAL or (self is LetterCase.MIXED and turn % 2 == 1)
        return (name[:1].upper() if pascal else name[:1].lower()) + name[1:]
