"""Reader studies: people and models on the same photos, with and without help."""
