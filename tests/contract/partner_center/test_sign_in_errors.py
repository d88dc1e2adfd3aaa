"""Which error an answer of the sign-in endpoint means."""

import json
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from qualification.domain.call_errors import AccessLost, OutcomeUnknown, PartnerCenterError, Throttled, Unavailable
from qualification.partner_center.answer import Answer
from qualification.partner_center.sign_in_failures import sign_in_failure

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
CORRELATION_ID = UUID("11111111-2222-4333-8444-555555555555")


@pytest.mark.parametrize(
    ("status", "body", "kind", "code"),
    [
        (400, {"error": "invalid_grant", "error_description": "AADSTS700082: expired"}, AccessLost, "AADSTS700082"),
        (400, {"error": "invalid_grant", "error_description": "AADSTS50076: use MFA"}, AccessLost, "AADSTS50076"),
        (400, {"error": "interaction_required"}, AccessLost, "interaction_required"),
        (401, {"error": "invalid_client", "error_description": "AADSTS7000215: no"}, AccessLost, "AADSTS7000215"),
        (400, {"error": "unauthorized_client"}, AccessLost, "unauthorized_client"),
        (404, None, AccessLost, "http-404"),
        (302, None, AccessLost, "http-302"),
        (400, {"error": "temporarily_unavailable"}, Unavailable, "temporarily_unavailable"),
        (408, None, Unavailable, "http-408"),
        (503, ["odd"], Unavailable, "http-503"),
        (429, None, Throttled, "throttled"),
    ],
)
def test_the_sign_in_never_leaves_an_outcome_unknown(
    status: int, body: JsonValue, kind: type[PartnerCenterError], code: str
) -> None:
    """Refusals need a person, everything else passes by itself; Entra's own code is kept."""
    answer = Answer(status, {}, b"" if body is None else json.dumps(body).encode())
    error = sign_in_failure(answer, at=NOW, secrets=())
    assert type(error) is kind
    assert error.code == code
    assert error.remedy.endswith(".")


@pytest.mark.parametrize(
    ("error", "remedy"),
    [
        ({"error": "invalid_grant", "error_description": "AADSTS700082: x"}, "python -m qualification sign-in"),
        ({"error": "invalid_grant", "error_description": "AADSTS65001: x"}, "admin consent"),
        ({"error": "invalid_client", "error_description": "AADSTS7000222: x"}, "PARTNER_CENTER_CLIENT_SECRET"),
        ({"error": "invalid_client", "error_description": "AADSTS700213: x"}, "federated credentials"),
        ({"error": "unauthorized_client", "error_description": "AADSTS700016: x"}, "PARTNER_CENTER_CLIENT_ID"),
        ({"error": "invalid_request", "error_description": "AADSTS90002: x"}, "PARTNER_CENTER_TENANT_ID"),
    ],
)
def test_a_refused_sign_in_names_the_remedy(error: dict[str, str], remedy: str) -> None:
    """The remedy follows Entra's code, and where that is not known its `error`."""
    answer = Answer(400, {}, json.dumps(error).encode())
    assert remedy in sign_in_failure(answer, at=NOW, secrets=()).remedy


def test_entras_correlation_id_is_kept() -> None:
    """Microsoft's support asks for it."""
    answer = Answer(400, {}, json.dumps({"error": "x", "correlation_id": str(CORRELATION_ID)}).encode())
    assert sign_in_failure(answer, at=NOW, secrets=()).correlation_id == CORRELATION_ID


@given(
    status=st.integers(300, 599),
    body=st.binary()
    | st.dictionaries(
        st.sampled_from(["error", "error_description", "correlation_id"]), st.text() | st.integers() | st.none()
    ).map(lambda value: json.dumps(value).encode()),
    retry_after=st.text(),
)
def test_any_answer_of_a_sign_in_becomes_one_printable_error(status: int, body: bytes, retry_after: str) -> None:
    """Decoding never raises anything, whatever comes, and no write is ever in doubt."""
    error = sign_in_failure(Answer(status, {"retry-after": retry_after}, body), at=NOW, secrets=())
    assert isinstance(error, PartnerCenterError)
    assert not isinstance(error, OutcomeUnknown)
    assert str(error).isprintable()
    assert len(error.description) <= 1024
