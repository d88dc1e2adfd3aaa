"""The queue, the topic, and their administration."""
