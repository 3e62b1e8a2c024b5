"""Training, calibration and export of a checkpoint."""
