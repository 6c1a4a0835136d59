"""Computed answers kept for a while: what is lost here is only time."""
