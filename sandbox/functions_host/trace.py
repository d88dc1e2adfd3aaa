"""W3C trace context, so that an invocation continues the caller's trace."""

import re
import secrets

_TRACE_PARENT = re.compile(r"00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})")


def child(trace_parent: str | None) -> str:
    """Make the traceparent of a new span.

    Args:
        trace_parent: the caller's, if there is one; a malformed one counts as none.

    Returns:
        A traceparent with the caller's trace id and flags, or with a new trace id.
    """
    found = _TRACE_PARENT.fullmatch(trace_parent or "")
    trace_id, flags = (found[1], found[2]) if found else (secrets.token_hex(16), "00")
    return f"00-{trace_id}-{secrets.token_hex(8)}-{flags}"
