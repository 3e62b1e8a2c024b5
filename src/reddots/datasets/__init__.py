"""Photo sets for training: manifests and splits."""
