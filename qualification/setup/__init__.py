"""From nothing to a service that runs: the steps of `python -m qualification setup`, on a person's machine."""
