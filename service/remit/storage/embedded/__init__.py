"""Real PostgreSQL and a Redis-protocol server as child processes, from wheels, on private unix sockets."""
