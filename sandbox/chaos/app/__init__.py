"""An app whose service runs under a clock that jumps, and whose message locks are not renewed."""
