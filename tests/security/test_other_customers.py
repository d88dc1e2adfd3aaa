"""A caller who names a customer learns and changes nothing of another one."""

import json
from uuid import uuid4

from tests.security.app import App

BODY = b'{"qualification": "StateOwnedEntity"}'


def test_a_request_is_unknown_under_another_customer(app: App, customer_id: str) -> None:
    """404, in the same words as for an id that never was: the answer does not tell that the request exists."""
    request_id = json.loads(app.ask(customer_id, BODY).get_body())["requestId"]
    assert app.look(customer_id, request_id).status_code == 200
    stranger, never = str(uuid4()), str(uuid4())
    wrong, unknown = app.look(stranger, request_id), app.look(stranger, never)
    assert wrong.status_code == unknown.status_code == 404
    assert wrong.get_body().decode().replace(request_id, never) == unknown.get_body().decode()
    assert customer_id not in wrong.get_body().decode()


def test_a_key_of_one_customer_means_nothing_for_another(app: App, customer_id: str) -> None:
    """The same Idempotency-Key leads to a request of the customer in the path, never to somebody else's."""
    first = json.loads(app.ask(customer_id, BODY, {"idempotency-key": "1"}).get_body())
    other = json.loads(app.ask(str(uuid4()), BODY, {"idempotency-key": "1"}).get_body())
    assert first["requestId"] != other["requestId"]
    assert first["customerTenantId"] != other["customerTenantId"]


def test_a_body_does_not_redirect_a_path(app: App, customer_id: str) -> None:
    """A customer in the body that is not the one in the path is refused."""
    body = json.dumps({"qualification": "StateOwnedEntity", "customerTenantId": str(uuid4())}).encode()
    assert app.ask(customer_id, body).status_code == 422
