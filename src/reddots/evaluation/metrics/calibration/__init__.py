"""Calibration: whether predicted probabilities come true, and what recalibration would gain."""
