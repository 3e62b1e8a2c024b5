"""Data quality: near-duplicates, groups, marks of a source, and the check that reports them."""
