"""Batch inference: many photos in, one prediction table out."""
