"""Queue messages in: a hint that points to a request."""

from collections.abc import Callable

from qualification.bootstrap import Service
from qualification.domain.errors import ConfigurationError
from qualification.use_cases import telemetry
from qualification.use_cases.hint import parse_message


async def take(compose: Callable[[], Service], body: bytes) -> None:
    """Follow a hint.

    One that meets faulty settings is given back as done, as one that meets an outage: an app setting that refers to Key Vault is
    empty while the vault cannot be reached. The timer repeats the hint once the settings are sound.

    Raises:
        MalformedMessage: this service did not write it.
        RequestNotFound: it points to nothing.
    """
    try:
        service = compose()
    except ConfigurationError as error:
        customer_id, request_id = parse_message(body)
        telemetry.hint_given_back(request_id=request_id, customer_tenant_id=customer_id, error=error)
    else:
        await service.submission.take(body)
