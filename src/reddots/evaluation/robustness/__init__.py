"""Robustness: corruptions of photos and what they cost a model."""
