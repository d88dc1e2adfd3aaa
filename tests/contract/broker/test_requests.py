import logging
from typing import Any
from uuid import uuid4

from sandbox.service_bus.amqp import types
from sandbox.service_bus.amqp.performatives import (
    Disposition,
)
from tests.contract.broker.wire import request


def test_an_error_of_the_broker_in_a_request_is_answered_and_logged(client: Any, caplog: Any) -> None:
    """A request that cannot even be understood gets status 500, and the next one works."""
    with caplog.at_level(logging.ERROR):
        answer = client.ask("wire", "peek-message", {"nonsense": 1})
    assert answer.application_properties["statusCode"] == 500
    assert answer.application_properties["errorCondition"] == "amqp:internal-error"
    assert "peek-message of wire failed" in caplog.text
    body = {"from-sequence-number": 1, "message-count": types.Int(5)}
    assert client.ask("wire", "peek-message", body).application_properties["statusCode"] == 204


def test_an_unknown_operation_is_not_implemented(client: Any) -> None:
    """The answer says so and names it."""
    answer = client.ask("wire", "fly", {})
    assert answer.application_properties["statusCode"] == 501
    assert "fly" in answer.application_properties["statusDescription"]


def test_a_request_without_a_link_for_its_answer_is_rejected(client: Any) -> None:
    """Nobody would ever read the answer."""
    client.attach(9, "wire/$management", receive=False)
    client.transfer(9, request("peek-message", {}, uuid4()))
    assert client.next(Disposition)[0].state.error.condition == "amqp:not-allowed"
