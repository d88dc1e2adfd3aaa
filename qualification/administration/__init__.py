"""What Service Bus tells about its own entities, to those who may manage them; the service itself needs none of it."""
