"""Evaluation metrics, one family a module, with their confidence intervals."""
