"""Function apps to compare this one with."""
