"""Uncertainty: abstention, conformal prediction sets and out-of-distribution detection."""
