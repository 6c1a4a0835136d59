"""What is kept in PostgreSQL: the declared model with both its times, and the mirror of the sources."""
