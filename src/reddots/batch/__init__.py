"""Many photos in, one prediction table out."""
