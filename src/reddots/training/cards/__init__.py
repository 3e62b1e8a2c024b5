"""Model card, data sheet and licence, generated from the checkpoint's side-car."""
