"""What happens to photos of skin before a model sees them, in five severities each."""
