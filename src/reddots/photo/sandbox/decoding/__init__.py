"""Decoding: file types, JPEG and TIFF structure, orientation, pixel modes and colour to sRGB."""
