"""Links: what happens between a client and an entity."""
