"""Rendering: synthetic lesions drawn on skin by the optics of blood and melanin."""
