"""Triage benchmark: the levels that any system gave, scored on vignettes with a gold level."""
