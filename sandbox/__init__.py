"""Azure and Partner Center on one machine, for running and testing the service; never deployed."""
