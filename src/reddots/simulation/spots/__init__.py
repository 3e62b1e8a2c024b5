"""Synthetic training data and training of the spot detector: pictures whose spots are known."""
