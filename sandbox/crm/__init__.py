"""Pretend CRMs: they send what the real ones send, proven as the real ones prove themselves."""

from sandbox.crm.call import Call
from sandbox.crm.samples import BUILDERS
from sandbox.crm.settings import crm_settings

__all__ = ["BUILDERS", "Call", "crm_settings"]
