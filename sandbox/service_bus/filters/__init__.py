"""Filters of subscriptions: SQL expressions and correlation filters."""
