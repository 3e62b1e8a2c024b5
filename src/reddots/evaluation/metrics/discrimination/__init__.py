"""Discrimination: how well a score separates a class from the rest, with its curves and tests."""
