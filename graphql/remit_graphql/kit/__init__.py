"""What every part of the graph stands on."""
