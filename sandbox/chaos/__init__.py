"""Tries to break the service's promises, with kills, outages, faults and jumping clocks, and looks whether they held."""
