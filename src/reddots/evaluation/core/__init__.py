"""Evaluation core: a table's columns, the evaluated sample, probabilities beside their truth."""
