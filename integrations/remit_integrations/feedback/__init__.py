"""What the vendors' sources of feedback share."""
