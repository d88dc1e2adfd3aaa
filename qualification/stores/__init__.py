"""Keeps the records: one store over small rows, and two places for the rows to be (SQLite, Azure Table Storage)."""
