"""Partner Center's qualification API and its sign-in endpoint, simulated over HTTP.

`PartnerCenter` is the state, without I/O; `PartnerCenterServer` serves it in the running event loop and
`PartnerCenterThread` on a loop of its own; `python -m sandbox.partner_center` is a process. The module `control` tells
how to script it from Python and over HTTP, and docs/sandbox.md what can be scripted.
"""

from sandbox.partner_center.credentials import Credentials
from sandbox.partner_center.customer import CustomerScript
from sandbox.partner_center.error_shape import ErrorShape
from sandbox.partner_center.fault import Act, Fault, Moment
from sandbox.partner_center.late_effects import LateEffect
from sandbox.partner_center.reply import Reply, ReplyName
from sandbox.partner_center.rows import Look, Rows
from sandbox.partner_center.server import PartnerCenterServer
from sandbox.partner_center.settings import Settings
from sandbox.partner_center.state import PartnerCenter
from sandbox.partner_center.thread import PartnerCenterThread
from sandbox.partner_center.token import Caller, RefreshFailure
from sandbox.partner_center.validation_code import ValidationCode
from sandbox.partner_center.vetting import Outcome, Vetting
from sandbox.partner_center.vocabulary import DENIAL_REASONS, EducationSegment, Operation, Qualification
from sandbox.partner_center.wire_shape import WireShape

__all__ = [
    "DENIAL_REASONS",
    "Act",
    "Caller",
    "Credentials",
    "CustomerScript",
    "EducationSegment",
    "ErrorShape",
    "Fault",
    "LateEffect",
    "Look",
    "Moment",
    "Operation",
    "Outcome",
    "PartnerCenter",
    "PartnerCenterServer",
    "PartnerCenterThread",
    "Qualification",
    "RefreshFailure",
    "Reply",
    "ReplyName",
    "Rows",
    "Settings",
    "ValidationCode",
    "Vetting",
    "WireShape",
]
