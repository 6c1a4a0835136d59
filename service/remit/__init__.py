"""Who is responsible for what in a product organisation, and why: the model, the thinking, the storage, the doors."""
