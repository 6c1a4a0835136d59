"""Changes asked for through an API: from what is believed and what should change to a plan, checked like a file."""
