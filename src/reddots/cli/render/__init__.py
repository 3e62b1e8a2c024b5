"""Rendering of results in the terminal."""
