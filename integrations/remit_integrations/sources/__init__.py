"""One file per source; the file's name is the registration."""
