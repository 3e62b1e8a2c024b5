"""Figures that can be believed, from predictions and truth."""
