"""What the doctor sees of Partner Center and its sign-in."""

import os
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from sandbox.partner_center import Fault, Operation, PartnerCenter, PartnerCenterThread, RefreshFailure, Reply
from tests.e2e.command_process import ALL_WELL, FAULTS, WARNINGS, run
from tests.e2e.commands.finding import finding


@pytest.mark.parametrize(("age", "word"), [(timedelta(days=40), "warning"), (timedelta(days=70), "FAULT")])
def test_the_age_of_the_refresh_token_is_that_before_signing_in(
    settings: dict[str, str], tmp_path: Path, age: timedelta, word: str
) -> None:
    """The doctor signs in, which stores a new one; the age it tells is that of the one it found."""
    then = time.time() - age.total_seconds()
    os.utime(tmp_path / "refresh-token", (then, then))
    _, output = run("doctor", settings)
    assert finding(output, f"stored {age.days} days ago").startswith(word)
    assert finding(output, "Refresh token, storing").startswith("ok")
    assert run("doctor", settings)[0] == ALL_WELL


@pytest.mark.parametrize(
    "breaks",
    [
        lambda state: state.sign_in.refuse_refresh(RefreshFailure.EXPIRED),
        lambda state: setattr(state.settings, "user_has_mfa", False),
    ],
    ids=["refresh token expired", "no MFA"],
)
def test_the_doctor_sees_that_the_service_account_cannot_work(
    settings: dict[str, str], partner_center: PartnerCenterThread, breaks: Callable[[PartnerCenter], None]
) -> None:
    """The app itself still signs in; the remedy is another sign-in."""
    partner_center.run(breaks)
    code, output = run("doctor", settings)
    assert code == FAULTS
    assert finding(output, "Partner Center, the app").startswith("ok")
    assert finding(output, "the service account").startswith("FAULT")
    assert "sign-in" in output


def test_a_right_that_partner_center_misses_is_named(
    settings: dict[str, str], partner_center: PartnerCenterThread
) -> None:
    """Its code for a missing role comes with the role to give; what hangs on that call is not checked."""
    body = {"code": "900150", "description": "The user has insufficient permissions."}
    refusal = Fault(operation=Operation.CODES, then=Reply(status=403, document=body))
    partner_center.run(lambda state: state.fault(refusal))
    code, output = run("doctor", settings)
    assert code == FAULTS
    assert finding(output, "Partner Center, the service account").startswith("FAULT")
    assert finding(output, "Validation codes").startswith("not checked")
    assert "Admin agent or Sales agent role" in " ".join(output.split())


def test_the_doctor_warns_when_no_validation_code_is_left(
    settings: dict[str, str], partner_center: PartnerCenterThread
) -> None:
    """Nothing fails yet, so it is a warning."""
    codes = partner_center.run(lambda state: list(state.customers.codes))
    partner_center.run(
        lambda state: state.set_codes([each.model_copy(update={"remaining_creates": 0}) for each in codes])
    )
    code, output = run("doctor", settings)
    assert code == WARNINGS
    assert finding(output, "Validation codes").startswith("warning")
