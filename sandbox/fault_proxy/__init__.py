"""A proxy before any real endpoint, which does to its callers what networks and gateways do."""

from sandbox.fault_proxy.faults import Faults, Mishap, Rule
from sandbox.fault_proxy.http_proxy import HttpProxy
from sandbox.fault_proxy.tcp_proxy import TcpProxy
from sandbox.fault_proxy.thread import ProxyThread

__all__ = ["Faults", "HttpProxy", "Mishap", "ProxyThread", "Rule", "TcpProxy"]
