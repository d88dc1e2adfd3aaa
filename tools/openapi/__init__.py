"""The HTTP API, described for machines from the models that the service itself reads and writes with."""
