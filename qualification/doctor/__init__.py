"""Checks a deployment, or a local set-up, from its app settings alone; each fault comes with a remedy."""
