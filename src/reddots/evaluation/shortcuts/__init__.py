"""Shortcut learning: how far labels can be predicted without the lesion."""
