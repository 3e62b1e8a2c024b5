"""Privacy: retention of sessions and uploads, log filtering, memory handed back."""
