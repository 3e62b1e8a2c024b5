"""Lesions painted on skin, for outputs that no permitted photo shows."""
