"""Healthy skin: areas without lesions, cut out of photos or synthesised."""
