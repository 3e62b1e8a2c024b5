"""Photos: from untrusted bytes to an upright RGB array, and what a photo says."""
