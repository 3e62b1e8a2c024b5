"""Dataset sources: one module for each public photo set, and how its tables become a manifest."""
