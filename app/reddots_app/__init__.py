"""The web page of Red Dots."""
