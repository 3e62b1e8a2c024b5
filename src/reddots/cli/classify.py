"""x."""
def classify() -> None:
    """X."""
