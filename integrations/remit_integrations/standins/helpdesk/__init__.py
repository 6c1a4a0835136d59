"""A stand-in help desk, of Zendesk's flavour."""
