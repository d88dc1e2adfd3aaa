"""The message classes that the runtime expects its caller to bring, without protobuf.

azure-functions-runtime has no protobuf dependency: whoever calls it hands over a namespace of message classes. This
module is that namespace. The names are those of the language worker protocol, FunctionRpc.proto.
"""

from types import SimpleNamespace
from typing import Any


class Message:
    """Keeps what it was built with."""

    def __init__(self, **fields: Any) -> None:
        self.__dict__.update(fields)


class TypedData(Message):
    """One value; the field that was set says its kind: string, bytes, json, int, double or http."""

    def WhichOneof(self, _oneof: str) -> str | None:  # noqa: N802  protobuf's name
        """Tell which kind of value this is, None if it holds none."""
        return next(iter(self.__dict__), None)


class ParameterBinding(Message):
    """The value of one parameter, by `name` and `data`."""

    def WhichOneof(self, _oneof: str) -> str:  # noqa: N802  protobuf's name
        """Tell that the value travels in the message, as it always does here."""
        return "data"


class RpcHttp(Message):
    """A request (method, url, headers, query, params, body) or a response (status_code, headers, cookies, body)."""


class RpcHttpCookie(Message):
    """One cookie of a response."""

    SameSite = SimpleNamespace(**{"None": 0, "Lax": 1, "Strict": 2, "ExplicitNone": 3})


class StatusResult(Message):
    """How an operation ended: `status`, and `exception` if it failed."""

    Failure = 0
    Success = 1
    Cancelled = 2


class RpcException(Message):
    """What a function raised: `message` and `stack_trace`."""


class BindingInfo(Message):
    """One binding of a function; the numbers are those of Direction and DataType."""

    out = 1
    inout = 2
    undefined = 0


class RpcRetryOptions(Message):
    """A function's retry policy."""


class RpcFunctionMetadata(Message):
    """One indexed function: name, function_id, raw_bindings (JSON texts) and more."""


class WorkerMetadata(Message):
    """Which runtime answers."""


class WorkerInitResponse(Message):
    """The answer to the request that indexes the app."""


class FunctionMetadataResponse(Message):
    """The indexed functions."""


class FunctionLoadResponse(Message):
    """The answer to a load request."""


class InvocationResponse(Message):
    """How an invocation ended: result, return_value, output_data."""


class NullableString(Message):
    """A string that may be absent."""


class NullableBool(Message):
    """A bool that may be absent."""


class NullableDouble(Message):
    """A number that may be absent."""


class NullableTimestamp(Message):
    """A time that may be absent."""


class Timestamp(Message):
    """Seconds since 1970, UTC."""
