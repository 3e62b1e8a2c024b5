"""Lesions rendered on skin, for outputs that no permitted photo shows."""
