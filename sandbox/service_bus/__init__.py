"""An AMQP 1.0 broker on this machine that Azure's Service Bus SDK talks to."""

from sandbox.service_bus.broker import Broker
from sandbox.service_bus.entities.counts import Counts
from sandbox.service_bus.thread import BrokerThread
from sandbox.service_bus.topology import Topology, TopologyError

__all__ = ["Broker", "BrokerThread", "Counts", "Topology", "TopologyError"]
