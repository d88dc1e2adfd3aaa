"""AMQP 1.0 on the wire: types, encoding, performatives, frames. Nothing here knows Service Bus."""
