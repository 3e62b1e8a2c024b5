"""Lesions rendered on skin, for outputs that hardly any permitted photo shows."""
