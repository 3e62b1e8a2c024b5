"""Sandbox for untrusted photos: a pool of confined worker processes that decode bytes to pixels."""
