"""The control over HTTP: the same as from Python, and strict about what it is told."""

import httpx
import pytest

EDUCATION = {"qualification": "Education", "educationSegment": "K12"}


def test_a_customer_is_scripted_and_its_counts_are_read(user: httpx.Client, qualifications: str, customer: str) -> None:
    """A denial from a script, and what the customer has used up."""
    path = f"/_control/customers/{customer}"
    vetting = {"outcome": "denied", "reason": "Not an eligible Library", "after": 0}
    script = user.patch(path, json={"education": vetting, "educationRequests": 1})
    assert (script.status_code, script.json()["education"]["outcome"]) == (200, "denied")
    assert user.post(qualifications, json=EDUCATION).json()["vettingReason"] == "Not an eligible Library"
    assert user.get(path).json() == {
        "posts": 1,
        "effectivePosts": 1,
        "effectivePuts": 0,
        "educationRequests": 2,
        "statuses": {"Education": "Denied"},
    }


def test_everybody_is_scripted_at_once(user: httpx.Client, qualifications: str) -> None:
    """Customers without a script of their own follow it."""
    user.patch("/_control/everybody", json={"shape": {"rows": "wrapped"}})
    assert user.get(qualifications).json() == {"qualifications": []}


def test_a_decision_is_made_by_hand(user: httpx.Client, qualifications: str, customer: str) -> None:
    """From now on the customer has this status."""
    decision = {"qualification": "Education", "status": "Approved"}
    answer = user.post(f"/_control/customers/{customer}/decisions", json=decision)
    assert answer.json()["statuses"] == {"Education": "Approved"}
    assert user.get(qualifications).json()[0]["vettingStatus"] == "Approved"


def test_faults_are_scripted_listed_and_taken_back(app: httpx.Client, qualifications: str) -> None:
    """By number, or all together."""
    fault = {"operation": "get", "then": "throttled", "times": 5, "retryAfter": 3}
    number = app.post("/_control/faults", json=fault).json()["number"]
    assert app.get(qualifications).headers["Retry-After"] == "3"
    assert app.get("/_control/faults").json()[str(number)]["times"] == 4
    assert app.delete(f"/_control/faults/{number}").status_code == 204
    assert app.delete(f"/_control/faults/{number}").status_code == 404
    app.post("/_control/faults", json={"then": {"status": 500, "document": "text"}})
    assert app.get(qualifications).json() == "text"
    assert app.delete("/_control/faults").status_code == 204
    assert app.get(qualifications).status_code == 200


def test_settings_are_changed_one_by_one(app: httpx.Client, qualifications: str) -> None:
    """What is not mentioned stays; the control itself works during an outage."""
    app.patch("/_control/settings", json={"vettingSeconds": 60})
    assert app.patch("/_control/settings", json={"outage": True}).json()["vettingSeconds"] == 60
    assert app.get(qualifications).status_code == 503
    app.patch("/_control/settings", json={"outage": False})
    assert app.get(qualifications).status_code == 200
    assert app.get("/_control/settings").json()["outage"] is False


def test_codes_are_replaced(app: httpx.Client) -> None:
    """The API shows the new ones, with the partner's id."""
    app.put("/_control/codes", json=[{"validationId": "777", "maxCreates": 2, "remainingCreates": 1}])
    assert [code["validationId"] for code in app.get("/v1/customers/all/validations").json()] == ["777"]
    assert app.get("/_control/codes").json()[0]["remainingCreates"] == 1


def test_the_books_are_read_by_filter(user: httpx.Client, qualifications: str, customer: str) -> None:
    """Calls by operation, customer and MS-RequestId; counts of all."""
    user.post(qualifications, json={"qualification": "StateOwnedEntity"}, headers={"MS-RequestId": "one"})
    user.get(qualifications)
    (call,) = user.get("/_control/calls", params={"requestId": "one", "customer": customer.upper()}).json()
    assert (call["operation"], call["effect"], call["status"], call["caller"]) == ("post", True, 201, "appUser")
    assert len(user.get("/_control/calls", params={"customer": customer}).json()) == 2
    books = user.get("/_control/books").json()
    assert books["count"] == {"token": 1, "post": 1, "get": 1}
    assert books["effectiveByCustomer"] == {customer: 1}
    assert books["effectiveByRequestId"] == {"one": 1}


def test_refresh_tokens_are_refused_and_renewed(
    anyone: httpx.Client, token_path: str, credentials: dict[str, str]
) -> None:
    """A revocation, and the sign-in that mends it."""
    fresh = anyone.post("/_control/refresh-tokens").json()["refreshToken"]
    form = credentials | {"grant_type": "refresh_token", "refresh_token": fresh}
    anyone.put("/_control/refresh-tokens", json={"failure": "revoked"})
    assert anyone.post(token_path, data=form).json()["error_codes"] == [50173]
    anyone.put("/_control/refresh-tokens", json={"failure": None})
    assert anyone.post(token_path, data=form).status_code == 200


def test_access_tokens_are_forgotten(app: httpx.Client, qualifications: str) -> None:
    """Every token issued so far answers 401."""
    assert app.get(qualifications).status_code == 200
    app.delete("/_control/access-tokens")
    assert app.get(qualifications).status_code == 401


def test_time_moves_on_and_a_reset_takes_all_back(user: httpx.Client, qualifications: str) -> None:
    """The vetting ends when its time has come; after the reset nothing was ever asked."""
    user.post(qualifications, json=EDUCATION)
    user.post("/_control/clock", json={"advance": 2})
    assert user.get(qualifications).json()[0]["vettingStatus"] == "Approved"
    assert user.post("/_control/reset").status_code == 204
    assert user.get(qualifications).json() == []
    assert user.get("/_control/books").json()["count"] == {"get": 1}


@pytest.mark.parametrize(
    ("method", "path", "body", "pointer"),
    [
        ("POST", "faults", {"opration": "post"}, "/opration"),
        ("POST", "faults", {"times": 0}, "/times"),
        ("PATCH", "settings", {"latency": -1}, "/latency"),
        ("PATCH", "everybody", {"education": {"outcome": "perhaps"}}, "/education/outcome"),
        ("PATCH", "customers/contoso", {}, ""),
        ("PUT", "codes", [{}], "/0/validationId"),
        ("POST", "clock", {"advance": -5}, "/advance"),
    ],
)
def test_a_script_that_is_not_valid_says_where(
    anyone: httpx.Client, method: str, path: str, body: object, pointer: str
) -> None:
    """422 with a JSON pointer for each fault, and nothing is changed."""
    answer = anyone.request(method, f"/_control/{path}", json=body)
    assert (answer.status_code, [fault["pointer"] for fault in answer.json()["errors"]]) == (422, [pointer])


def test_what_is_no_control_is_said_to_be_none(anyone: httpx.Client) -> None:
    """A misspelt control does not pass for a call to Partner Center."""
    assert anyone.post("/_control/fault", json={}).status_code == 404
    assert anyone.post("/_control/device-codes/ABC", json={"decision": "approved"}).status_code == 404
    assert anyone.get("/_control/books").json()["count"] == {}
