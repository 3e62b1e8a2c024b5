"""Simulated head: a linear classifier on deep features of synthetic pictures."""
