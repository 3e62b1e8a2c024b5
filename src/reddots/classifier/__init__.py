"""Classifier: checkpoint, preprocessing, inference, class activation maps; no torch."""
