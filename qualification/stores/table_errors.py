"""What the errors of Azure Table Storage mean for a store."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qualification.domain.errors import StepConflict, StoreMissing, StoreUnavailable

if TYPE_CHECKING:
    from azure.core.exceptions import AzureError

TABLE_MISSING, TABLE_THERE = "TableNotFound", "TableAlreadyExists"
NOT_ALLOWED = "AuthorizationPermissionMismatch"
ROW_MISSING = {"ResourceNotFound", "EntityNotFound"}
LOST_RACE = {"EntityAlreadyExists", "UpdateConditionNotSatisfied", "ConditionNotMet"}
"""Error codes ("Table service error codes")."""
MISSING = (
    "There is no record store. In a new installation, make one with `python -m qualification create-store`; in an old one "
    "its table is gone, with all records."
)


def code_of(error: AzureError) -> str:
    """Azure's own code, or nothing."""
    code = getattr(error, "error_code", None) or ""
    return str(getattr(code, "value", code))  # the SDK knows some codes as members of an enum and others as text


def explained(error: AzureError) -> StoreUnavailable | StepConflict:
    """The error of ours that it is."""
    code, status = code_of(error), getattr(error, "status_code", None)
    if code in LOST_RACE:
        return StepConflict(f"table storage: {code}")
    if code == TABLE_MISSING:
        return StoreMissing(MISSING)
    if code == NOT_ALLOWED:
        code = f"{code}: whoever asks needs the role Qualification records on the table"
    answered = f"answered {status} {code}".rstrip() if status else f"cannot be reached: {error.message}"
    return StoreUnavailable(f"table storage {answered}")
