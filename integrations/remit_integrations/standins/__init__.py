"""Stand-in servers: recorded data served as the vendors serve it, for the demo and the tests."""
