"""An AMQP 1.0 broker on this machine that Azure's Service Bus SDK talks to."""
