"""Queues, topics and what they hold. Nothing here knows links or frames."""
