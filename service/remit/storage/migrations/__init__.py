"""The schema, one step after another; never edited once released."""
