"""What brings records in: sources, their synchronisation and their stand-ins."""
