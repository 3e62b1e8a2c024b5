"""The network: its checkpoint, preprocessing, inference and export."""
