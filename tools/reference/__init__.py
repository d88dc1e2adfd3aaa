"""The tables of docs/reference that are built from the models they describe."""
