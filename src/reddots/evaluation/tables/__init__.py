"""Evaluation tables: predictions and ground truth read and joined."""
